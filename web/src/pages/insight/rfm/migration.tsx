import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api } from '../../../api/client';
import type { components, operations } from '../../../api/schema';
import { useFormats } from '../../../format';
import { useMay } from '../../../session';
import { heatOf } from './heat';

type Asked = operations['insight_rfm']['requestBody']['content']['application/json'];
type RfmClass = components['schemas']['rfm_class'];

export function RfmMigration({
  migration,
  asked,
}: {
  migration: NonNullable<components['schemas']['rfm_report']['migration']>;
  asked: Asked;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useMay('lists.write');
  // What somebody was as of another day is no condition: those who moved become a list.
  const open = async (from: string, to: string) => {
    const { data } = await api.POST('/insight/rfm/moved', {
      body: { ...asked, compare_to: migration.from_as_of, from: from as RfmClass, to: to as RfmClass },
    });
    if (data) void navigate(`/segments/new?expression=${encodeURIComponent(data.expression)}`);
  };
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
                      {value === 0 ? (
                        <span className="quiet">–</span>
                      ) : may ? (
                        <button type="button" className="link-like" onClick={() => void open(from, to)}>
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
