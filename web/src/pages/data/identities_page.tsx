// Pairs that may be one person: what they have in common, and the decision, with its reason kept.
import './words';
import '../../shell/customer_words';

import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { components } from '../../api/schema';
import { useFormats } from '../../format';
import { LifecycleTag } from '../../lifecycle';
import { Card } from '../../page';
import { Pager, usePages } from '../../pager';
import { Answer, Empty } from '../../states';
import { DataPage } from './data_tabs';

type Review = components['schemas']['identity_review'];

function Person({ row }: { row: Review['a'] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <div className="person">
      <Link to={`/customers/${row.id}`}>{row.display}</Link> <LifecycleTag stage={row.lifecycle} />
      <dl className="pairs small">
        <dt>{t('customer.field.phone')}</dt>
        <dd>{row.phone ?? '–'}</dd>
        <dt>{t('customer.field.region')}</dt>
        <dd>{[row.province, row.city].filter(Boolean).join(' ') || '–'}</dd>
        <dt>{t('customer.field.shop')}</dt>
        <dd>{row.shop ?? '–'}</dd>
        <dt>{t('customer.field.order_count')}</dt>
        <dd>
          {formats.number(row.order_count)} · {formats.money(row.total_spent)}
        </dd>
      </dl>
    </div>
  );
}

export function IdentitiesPage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const pages = usePages('reviews');
  const query = hooks.useQuery('get', '/identity-reviews', { params: { query: { limit: 20, ...(pages.cursor ? { cursor: pages.cursor } : {}) } } });

  const decide = async (id: number, decision: 'same' | 'different' | 'later') => {
    try {
      await api.POST('/identity-reviews/{id}', { params: { path: { id } }, body: { decision, reason: t('data.decide_reason') } });
      await client.invalidateQueries();
      message.success(t('data.decided'));
    } catch (problem) {
      message.error(asProblem(problem).detail);
    }
  };

  return (
    <DataPage title={t('data.identities_title')} subtitle={t('data.identities_text')}>
      <Answer query={query}>
        {(data) =>
          data.items.length === 0 ? (
            <Card>
              <Empty title={t('data.identities_empty')}>{t('data.identities_empty_text')}</Empty>
            </Card>
          ) : (
            <div className="stack">
              {data.items.map((review) => (
                <Card key={review.id}>
                  <div className="stack">
                    <p>{t('data.why_same', { kinds: review.shared.map((one) => t(`customer.kind.${one.kind}`, one.kind)).join(t('shell.list_comma')) })}</p>
                    <div className="row tight">
                      <span className="quiet">{t('data.shared')}</span>
                      {review.shared.map((one) => (
                        <span key={`${one.kind}${one.value}`} className="tag">
                          {t(`customer.kind.${one.kind}`, one.kind)}: {one.value}
                        </span>
                      ))}
                    </div>
                    <div className="pair-of-people">
                      <Person row={review.a} />
                      <Person row={review.b} />
                    </div>
                    <div className="row">
                      <Button type="primary" onClick={() => void decide(review.id, 'same')}>
                        {t('data.same')}
                      </Button>
                      <Button onClick={() => void decide(review.id, 'different')}>{t('data.different')}</Button>
                      <Button type="text" onClick={() => void decide(review.id, 'later')}>
                        {t('data.later')}
                      </Button>
                    </div>
                  </div>
                </Card>
              ))}
              <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
            </div>
          )
        }
      </Answer>
    </DataPage>
  );
}
