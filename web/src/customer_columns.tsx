// The columns of a customer's row, for every table of customers.
import './shell/customer_words';

import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { components } from './api/schema';
import type { Column } from './data_table';
import { useFormats } from './format';
import { LifecycleTag, RfmTag } from './lifecycle';

export type CustomerRow = components['schemas']['customer_row'];

export const kColumnKeys = [
  'display',
  'external_id',
  'phone',
  'province',
  'city',
  'shop',
  'tier',
  'lifecycle',
  'rfm_class',
  'order_count',
  'total_spent',
  'avg_order_value',
  'first_order_at',
  'last_order_at',
  'tags',
] as const;
export type ColumnKey = (typeof kColumnKeys)[number];

export const kSampleColumns: ColumnKey[] = ['display', 'province', 'lifecycle', 'order_count', 'total_spent', 'last_order_at'];

const kNumbers = new Set<string>(['order_count', 'total_spent', 'avg_order_value']);
const kSortable = new Set<string>([...kNumbers, 'first_order_at', 'last_order_at']);

export function useCustomerColumns(keys: readonly ColumnKey[]): Column<CustomerRow>[] {
  const { t } = useTranslation();
  const formats = useFormats();
  const render = (key: ColumnKey, row: CustomerRow) => {
    switch (key) {
      case 'display':
        return <Link to={`/customers/${row.id}`}>{row.display}</Link>;
      case 'lifecycle':
        return <LifecycleTag stage={row.lifecycle} />;
      case 'rfm_class':
        return <RfmTag rfmClass={row.rfm_class} />;
      case 'order_count':
        return formats.number(row.order_count);
      case 'total_spent':
      case 'avg_order_value':
        return formats.money(row[key]);
      case 'first_order_at':
      case 'last_order_at':
        return <span className="nowrap" title={formats.time(row[key])}>{formats.date(row[key])}</span>;
      case 'tags':
        return row.tags.length === 0 ? null : (
          <span className="row tight">
            {row.tags.map((tag) => (
              <span key={tag} className="tag">
                {tag}
              </span>
            ))}
          </span>
        );
      default:
        return row[key] ?? <span className="quiet">–</span>;
    }
  };
  return keys.map((key) => ({
    key,
    title: t(`customer.field.${key}`),
    render: (row) => render(key, row),
    number: kNumbers.has(key),
    sortable: kSortable.has(key),
  }));
}
