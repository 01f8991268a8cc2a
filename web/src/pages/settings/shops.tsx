import { Select } from 'antd';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { useMay } from '../../session';
import { Answer, Empty } from '../../states';
import { currencies, timeZones } from '../../zones';
import { useAttempt } from './attempt';

export function Shops() {
  const { t } = useTranslation();
  const formats = useFormats();
  const may = useMay('settings.write');
  const attempt = useAttempt();
  const query = hooks.useQuery('get', '/shops');
  const change = (id: number, body: { currency?: string; time_zone?: string }) =>
    attempt(() => api.PATCH('/shops/{id}', { params: { path: { id } }, body }), t('shell.saved'));
  return (
    <Card>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('settings.shops_empty')} />
          ) : (
            <DataTable
              caption={t('settings.sections.shops')}
              rows={items}
              rowKey={(shop) => shop.id}
              columns={[
                { key: 'name', title: t('settings.shop'), render: (shop) => shop.name || shop.platform },
                { key: 'platform', title: t('settings.platform'), render: (shop) => shop.platform },
                {
                  key: 'currency',
                  title: t('settings.from'),
                  render: (shop) => (
                    <Select
                      aria-label={`${t('settings.from')} ${shop.name}`}
                      showSearch
                      disabled={!may}
                      value={shop.currency}
                      options={currencies().map((one) => ({ value: one, label: one }))}
                      onChange={(currency: string) => void change(shop.id, { currency })}
                      style={{ width: 96 }}
                    />
                  ),
                },
                {
                  key: 'time_zone',
                  title: t('settings.name.time_zone'),
                  render: (shop) => (
                    <Select
                      aria-label={`${t('settings.name.time_zone')} ${shop.name}`}
                      showSearch
                      disabled={!may}
                      value={shop.time_zone}
                      options={timeZones().map((one) => ({ value: one, label: one }))}
                      onChange={(time_zone: string) => void change(shop.id, { time_zone })}
                      style={{ width: 190 }}
                    />
                  ),
                },
                { key: 'orders', title: t('settings.orders'), number: true, render: (shop) => formats.number(shop.orders) },
              ]}
            />
          )
        }
      </Answer>
    </Card>
  );
}
