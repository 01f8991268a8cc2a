// The merchant's own attributes of this customer, edited in place.
import { useQueryClient } from '@tanstack/react-query';
import { App, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import { Card } from '../../page';
import { useMay } from '../../session';
import type { Customer } from './customer_page';

export function CustomCard({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const may = useMay('customers.write');
  const attributes = hooks.useQuery('get', '/custom-attributes').data?.items ?? [];
  if (attributes.length === 0) return null;
  const valueOf = (name: string) => customer.custom.find((one) => one.name === name)?.value ?? '';

  const put = async (name: string, value: string) => {
    if (value === valueOf(name)) return;
    try {
      await api.PUT('/customers/{id}/custom/{name}', { params: { path: { id: customer.id, name } }, body: { value } });
      await client.invalidateQueries({ queryKey: ['get', '/customers/{id}'] });
      message.success(t('shell.saved'));
    } catch (problem) {
      message.error(asProblem(problem).detail);
    }
  };

  return (
    <Card title={t('customers.custom')}>
      <dl className="pairs">
        {attributes.map((one) => (
          <div key={one.name} className="pair">
            <dt>{one.name}</dt>
            <dd>
              {!may ? (
                valueOf(one.name) || <span className="quiet">{t('customers.not_set')}</span>
              ) : one.type === 'choice' ? (
                <Select
                  aria-label={one.name}
                  size="small"
                  value={valueOf(one.name) || null}
                  placeholder={t('customers.not_set')}
                  options={one.choices.map((choice) => ({ value: choice, label: choice }))}
                  style={{ minWidth: 120 }}
                  onChange={(value: string) => void put(one.name, value)}
                />
              ) : (
                <Input
                  aria-label={one.name}
                  size="small"
                  key={valueOf(one.name)}
                  defaultValue={valueOf(one.name)}
                  placeholder={t('customers.not_set')}
                  type={one.type === 'date' ? 'date' : 'text'}
                  onBlur={(event) => void put(one.name, event.target.value.trim())}
                  onPressEnter={(event) => event.currentTarget.blur()}
                />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
