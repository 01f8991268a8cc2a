// A table of rows: sorted by its heading, rows to choose from, and on a narrow screen a card a row.
import { Checkbox } from 'antd';
import type { Key, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface Column<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  number?: boolean;
  sortable?: boolean;
}

interface Selection<K extends Key> {
  chosen: ReadonlySet<K>;
  onChange: (chosen: Set<K>) => void;
  label: (key: K) => string;
}

export function DataTable<T, K extends Key = number>({
  caption,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  selection,
}: {
  caption: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => K;
  sort?: string; // a column's key, with - before it for descending
  onSort?: (sort: string) => void;
  selection?: Selection<K>;
}) {
  const { t } = useTranslation();
  const direction = (key: string) => (sort === key ? 'ascending' : sort === `-${key}` ? 'descending' : 'none');
  const all = rows.length > 0 && rows.every((row) => selection?.chosen.has(rowKey(row)));
  const toggle = (key: K) => {
    if (!selection) return;
    const next = new Set(selection.chosen);
    if (!next.delete(key)) next.add(key);
    selection.onChange(next);
  };
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label={caption}>
      <table className="plain-table cards">
        <caption className="hidden">{caption}</caption>
        <thead>
          <tr>
            {selection && (
              <th scope="col" className="choose">
                <Checkbox
                  aria-label={t('shell.choose_all')}
                  checked={all}
                  onChange={() => selection.onChange(all ? new Set() : new Set(rows.map(rowKey)))}
                />
              </th>
            )}
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.number ? 'number' : ''}
                aria-sort={column.sortable ? direction(column.key) : undefined}
              >
                {column.sortable && onSort ? (
                  <button type="button" className="sort" onClick={() => onSort(sort === `-${column.key}` ? column.key : `-${column.key}`)}>
                    {column.title}
                    <span aria-hidden>{{ ascending: ' ↑', descending: ' ↓', none: '' }[direction(column.key)]}</span>
                  </button>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <tr key={key} aria-selected={selection ? selection.chosen.has(key) : undefined}>
                {selection && (
                  <td className="choose">
                    <Checkbox aria-label={selection.label(key)} checked={selection.chosen.has(key)} onChange={() => toggle(key)} />
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.key} data-label={column.title} className={column.number ? 'number' : ''}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
