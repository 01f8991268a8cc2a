// Tags to change at once; the segments and lists the customer is in, to look at.
import '../../shell/customer_words';

import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import { Card } from '../../page';
import { useMay } from '../../session';
import { TagSelect } from '../../tag_select';
import type { Customer } from './customer_page';

export function TagsCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const may = useMay('tags.write');
  const maySegments = useMay('segments.read');
  const segments = hooks.useQuery('get', '/segments', {}, { enabled: maySegments && customer.segments.length > 0 });

  const change = async (next: string[]) => {
    try {
      await api.POST('/customers/{id}/tags', {
        params: { path: { id: customer.id } },
        body: { add: next.filter((tag) => !customer.tags.includes(tag)), remove: customer.tags.filter((tag) => !next.includes(tag)) },
      });
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === '/customers/{id}' || queryKey[1] === '/tags' });
    } catch (problem) {
      message.error(asProblem(problem).detail);
    }
  };

  return (
    <Card title={t('customer.field.tags')}>
      <div className="stack">
        {may ? (
          <TagSelect label={t('customers.tags_edit')} placeholder={t('customers.tags_edit')} value={customer.tags} onChange={(next) => void change(next)} />
        ) : (
          <div className="row tight">
            {customer.tags.map((tag) => (
              <span key={tag} className="tag">{tag}</span>
            ))}
          </div>
        )}
        {customer.segments.length > 0 && (
          <div>
            <div className="quiet small">{t('customers.in_segments')}</div>
            <div className="row tight">
              {customer.segments.map((name) => {
                const known = segments.data?.items.find((one) => one.name === name);
                return known ? (
                  <Link key={name} className="tag good" to={`/segments/${known.id}`}>{name}</Link>
                ) : (
                  <span key={name} className="tag good">{name}</span>
                );
              })}
            </div>
          </div>
        )}
        {customer.lists.length > 0 && (
          <div>
            <div className="quiet small">{t('customers.in_lists')}</div>
            <div className="row tight">
              {customer.lists.map((name) => (
                <span key={name} className="tag">{name}</span>
              ))}
            </div>
          </div>
        )}
      </div>
    </Card>
  );
}
