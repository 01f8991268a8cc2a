import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { Pager, usePages } from '../../pager';
import { Answer, Empty } from '../../states';
import { OrderLines } from './order_lines';

const kPerPage = 20;

export function Orders({ id }: { id: number }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const pages = usePages(String(id));
  const query = hooks.useQuery('get', '/customers/{id}/orders', {
    params: { path: { id }, query: { limit: kPerPage, ...(pages.cursor ? { cursor: pages.cursor } : {}) } },
  });
  return (
    <Answer query={query} rows={6}>
      {(data) =>
        data.items.length === 0 ? (
          <Empty title={t('customers.orders_empty')} />
        ) : (
          <>
            <DataTable
              caption={t('customers.tabs.orders')}
              rows={data.items}
              rowKey={(order) => order.id}
              columns={[
                {
                  key: 'order_no',
                  title: t('customers.order_no'),
                  render: (order) => (
                    <>
                      <span className="code">{order.order_no}</span>
                      <div className="quiet small">{[order.shop, order.channel].filter(Boolean).join(' · ')}</div>
                    </>
                  ),
                },
                { key: 'at', title: t('customers.order_at'), render: (order) => <span className="nowrap">{formats.time(order.created_at ?? order.paid_at)}</span> },
                { key: 'status', title: t('customers.order_status'), render: (order) => t(`customers.status.${order.status}`) },
                { key: 'goods', title: t('customers.goods'), render: (order) => <OrderLines lines={order.lines} /> },
                { key: 'amount', title: t('customers.amount'), number: true, render: (order) => formats.money(order.amount) },
                {
                  key: 'refunded',
                  title: t('customers.refunded'),
                  number: true,
                  render: (order) => (order.refunded && order.refunded.minor > 0 ? <span className="delta-down">{formats.money({ ...order.refunded, minor: -order.refunded.minor })}</span> : ''),
                },
              ]}
            />
            <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
          </>
        )
      }
    </Answer>
  );
}
