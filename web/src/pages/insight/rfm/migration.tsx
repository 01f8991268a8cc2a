// Who moved from which class to which: a number of people is kept as a list and opened, since who was where on that day
// is nothing an expression of today could say.
import '../../../shell/customer_words';

import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api } from '../../../api/client';
import { asProblem } from '../../../api/problem';
import type { components, operations } from '../../../api/schema';
import { useFormats } from '../../../format';
import { useMay } from '../../../session';
import { heatOf } from './heat';

type Migration = NonNullable<components['schemas']['rfm_report']['migration']>;
type Move = operations['keep_rfm_move']['requestBody']['content']['application/json'];

export function RfmMigration({ migration, question }: { migration: Migration; question: Omit<Move, 'from' | 'to' | 'name'> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const client = useQueryClient();
  const may = useMay('lists.write');
  const [busy, setBusy] = useState(false);
  const most = Math.max(...migration.cells.flat(), 1);
  const nameOf = (one: string) => t(`customer.rfm.${one}`, one);

  const keep = async (from: string, to: string) => {
    setBusy(true);
    try {
      const { data } = await api.POST('/insight/rfm/moved', { body: { ...question, from: from as Move['from'], to: to as Move['to'] } });
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === '/lists' || queryKey[1] === '/segments/schema' });
      if (!data) return;
      message.success(t('rfm.kept', { name: data.name }));
      void navigate(`/segments/new?expression=${encodeURIComponent(data.expression)}`);
    } catch (problem) {
      setBusy(false);
      message.error(asProblem(problem).detail);
    }
  };

  return (
    <>
      <p className="quiet small">{t('rfm.migration_text', { from: formats.date(migration.from_as_of) })}</p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('rfm.migration')}>
        <table className="heat">
          <thead>
            <tr>
              <th scope="col"><span className="hidden">{t('rfm.from')}</span></th>
              {migration.classes.map((one) => (
                <th key={one} scope="col">{nameOf(one)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {migration.classes.map((from, row) => (
              <tr key={from}>
                <th scope="row">{nameOf(from)}</th>
                {migration.classes.map((to, column) => {
                  const value = migration.cells[row]?.[column] ?? 0;
                  const words = `${nameOf(from)} → ${nameOf(to)}`;
                  return (
                    <td key={to} style={heatOf(value, most)} title={words}>
                      {value === 0 ? (
                        <span className="quiet">–</span>
                      ) : may ? (
                        <button type="button" className="heat-link" disabled={busy} aria-label={`${words}: ${t('rfm.keep', { count: value })}`} onClick={() => void keep(from, to)}>
                          {formats.number(value)}
                        </button>
                      ) : (
                        formats.number(value)
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
