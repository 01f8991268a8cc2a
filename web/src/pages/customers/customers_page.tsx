// All customers: found by any identifier, filtered by an expression, tagged and exported in bulk.
import './words';
import '../../shell/customer_words';

import { DownloadOutlined, FilterOutlined, SettingOutlined, TagsOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input, Popover } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';

import { hooks } from '../../api/client';
import { kColumnKeys, useCustomerColumns, type ColumnKey, type CustomerRow } from '../../customer_columns';
import { DataTable } from '../../data_table';
import { useDebounced } from '../../debounced';
import { Card, Page } from '../../page';
import { Pager, usePages } from '../../pager';
import { useMay } from '../../session';
import { Answer, Empty, Stale } from '../../states';
import { SaveSegment } from '../segments/save_segment';
import { BulkTag } from './bulk_tag';
import { useColumnsChoice } from './columns_choice';
import { ExportCustomers } from './export_customers';
import { FilterDrawer } from './filter_drawer';

const kPerPage = 50;
const kSorts = ['last_order_at', 'first_order_at', 'total_spent', 'order_count', 'avg_order_value'] as const;
type Sort = (typeof kSorts)[number] | `-${(typeof kSorts)[number]}`;
const isSort = (text: string): text is Sort => (kSorts as readonly string[]).includes(text.replace(/^-/, ''));

export function CustomersPage() {
  const { t } = useTranslation();
  const mayTag = useMay('tags.write');
  const mayExport = useMay('customers.export');
  const maySegment = useMay('segments.write');
  const [search, setSearch] = useSearchParams();
  const where = search.get('where') ?? '';
  const sortText = search.get('sort') ?? '-last_order_at';
  const sort: Sort = isSort(sortText) ? sortText : '-last_order_at';
  const [typed, setTyped] = useState(search.get('q') ?? '');
  const q = useDebounced(typed.trim(), 150);
  const [columns, setColumns] = useColumnsChoice();
  const [chosen, setChosen] = useState<Set<number>>(new Set());
  const [open, setOpen] = useState<'filter' | 'tag' | 'export' | 'save' | null>(null);
  const pages = usePages(`${q}|${where}|${sort}`);

  const put = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  useEffect(() => {
    if (q !== (search.get('q') ?? '')) put('q', q);
    setChosen(new Set());
  }, [q, where]);

  const query = hooks.useQuery(
    'get',
    '/customers',
    {
      params: {
        query: { limit: kPerPage, sort, ...(q ? { q } : {}), ...(where ? { where } : {}), ...(pages.cursor ? { cursor: pages.cursor } : {}) },
      },
    },
    { placeholderData: (before) => before },
  );
  const total = query.data?.total;
  // Whom tagging and exporting are about: the ticked rows, else what was searched, else all who fit the filter.
  const ids = chosen.size > 0 ? [...chosen] : q ? (query.data?.items ?? []).map((row) => row.id) : [];
  const isNobody = q !== '' && ids.length === 0;

  return (
    <Page
      title={t('customers.title')}
      subtitle={total === undefined ? undefined : t('customers.total', { count: total })}
      actions={
        <>
          {mayTag && (
            <Button icon={<TagsOutlined aria-hidden />} disabled={isNobody} onClick={() => setOpen('tag')}>
              {t('customers.tag')}
            </Button>
          )}
          {mayExport && (
            <Button icon={<DownloadOutlined aria-hidden />} disabled={isNobody} onClick={() => setOpen('export')}>
              {t('customers.export')}
            </Button>
          )}
        </>
      }
    >
      <Card>
        <div className="stack">
          <div className="row">
            <Input
              type="search"
              allowClear
              aria-label={t('customers.search_label')}
              placeholder={t('customers.search')}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              style={{ flex: '1 1 260px', maxWidth: 420 }}
            />
            <Button icon={<FilterOutlined aria-hidden />} onClick={() => setOpen('filter')}>
              {t('customers.filter')}
            </Button>
            <Popover
              trigger="click"
              placement="bottomRight"
              content={
                <Checkbox.Group<ColumnKey>
                  className="column-choice"
                  value={columns}
                  onChange={setColumns}
                  options={kColumnKeys.map((key) => ({ value: key, label: t(`customer.field.${key}`), disabled: key === 'display' }))}
                />
              }
            >
              <Button icon={<SettingOutlined aria-hidden />}>{t('customers.columns')}</Button>
            </Popover>
            {chosen.size > 0 && (
              <span className="row tight">
                <span className="tag good">{t('customers.chosen', { count: chosen.size })}</span>
                <Button size="small" type="text" onClick={() => setChosen(new Set())}>
                  {t('customers.choose_none')}
                </Button>
              </span>
            )}
          </div>
          {where && (
            <div className="notice info">
              <span className="grow code">{where}</span>
              {maySegment && (
                <Button size="small" onClick={() => setOpen('save')}>
                  {t('customers.save_segment')}
                </Button>
              )}
              <Button size="small" onClick={() => put('where', '')}>
                {t('customers.clear_filter')}
              </Button>
            </div>
          )}
          <Answer query={query} rows={8}>
            {(data) =>
              data.items.length === 0 ? (
                <Empty title={t('customers.empty')} actions={!q && !where && <Link to="/data/import">{t('customers.go_import')}</Link>}>
                  {q ? t('customers.empty_search') : where ? t('customers.empty_filter') : t('customers.empty_all')}
                </Empty>
              ) : (
                <Stale when={query.isPlaceholderData}>
                  <CustomerTable
                    columns={columns}
                    rows={data.items}
                    sort={sort}
                    onSort={(next) => put('sort', next)}
                    chosen={mayTag ? chosen : null}
                    onChoose={setChosen}
                  />
                  <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
                </Stale>
              )
            }
          </Answer>
        </div>
      </Card>
      {open === 'filter' && <FilterDrawer initial={where} onApply={(text) => put('where', text)} onClose={() => setOpen(null)} />}
      {open === 'tag' && <BulkTag ids={ids} where={where} onClose={() => setOpen(null)} />}
      {open === 'export' && <ExportCustomers where={ids.length > 0 ? `id in [${ids.join(', ')}]` : where || 'all customers'} columns={columns} onClose={() => setOpen(null)} />}
      {open === 'save' && <SaveSegment expression={where} onSaved={() => setOpen(null)} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function CustomerTable({
  columns,
  rows,
  sort,
  onSort,
  chosen,
  onChoose,
}: {
  columns: ColumnKey[];
  rows: CustomerRow[];
  sort: Sort;
  onSort: (sort: string) => void;
  chosen: Set<number> | null;
  onChoose: (chosen: Set<number>) => void;
}) {
  const { t } = useTranslation();
  const shown = useCustomerColumns(columns);
  const names = new Map(rows.map((row) => [row.id, row.display]));
  return (
    <DataTable
      caption={t('customers.title')}
      columns={shown}
      rows={rows}
      rowKey={(row) => row.id}
      sort={sort}
      onSort={onSort}
      {...(chosen ? { selection: { chosen, onChange: onChoose, label: (id: number) => names.get(id) ?? String(id) } } : {})}
    />
  );
}
