import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import { useCustomerColumns, type CustomerRow } from '../../customer_columns';
import { DataTable, type Column } from '../../data_table';
import { DayInput } from '../../day_input';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { Pager, usePages } from '../../pager';
import { Answer, Empty } from '../../states';
import type { Segment } from './save_segment';

const kDaysBack = 30;
const kPerPage = 50;

export function Entered({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [since, setSince] = useState(() => formats.today(-kDaysBack));
  const pages = usePages(since);
  const query = hooks.useQuery('get', '/segments/{id}/entered', {
    params: { path: { id: segment.id }, query: { since, limit: kPerPage, ...(pages.cursor ? { cursor: pages.cursor } : {}) } },
  });
  const customer = useCustomerColumns(['display', 'province', 'lifecycle', 'order_count', 'total_spent']);
  interface Row {
    customer: CustomerRow;
    entered_at: string;
    is_member: boolean;
  }
  const columns: Column<Row>[] = [
    ...customer.map((column) => ({ ...column, sortable: false, render: (row: Row) => column.render(row.customer) })),
    { key: 'entered_at', title: t('segments.entered_at'), render: (row) => formats.time(row.entered_at) },
  ];
  return (
    <Card
      title={t('segments.tabs.entered')}
      extra={
        <label className="row">
          {t('segments.since')} <DayInput label={t('segments.since')} value={since} onChange={setSince} max={formats.today()} />
        </label>
      }
    >
      <Answer query={query}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title={t('segments.entered_empty')} />
          ) : (
            <>
              <DataTable caption={t('segments.tabs.entered')} columns={columns} rows={data.items} rowKey={(row) => row.customer.id} />
              <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
            </>
          )
        }
      </Answer>
    </Card>
  );
}
