import { useTranslation } from 'react-i18next';

import type { components } from '../../../api/schema';
import { useFormats } from '../../../format';
import { heatOf } from './heat';

export function RfmMigration({ migration }: { migration: NonNullable<components['schemas']['rfm_report']['migration']> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const most = Math.max(...migration.cells.flat(), 1);
  const nameOf = (one: string) => t(`customer.rfm.${one}`, one);
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
                  return (
                    <td key={to} style={heatOf(value, most)} title={`${nameOf(from)} → ${nameOf(to)}`}>
                      {value === 0 ? <span className="quiet">–</span> : formats.number(value)}
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
