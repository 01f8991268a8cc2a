import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { components } from '../../../api/schema';
import { useFormats } from '../../../format';
import { heatOf } from './heat';

export function RfmMatrix({ report }: { report: components['schemas']['rfm_report'] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const steps = Array.from({ length: report.scores }, (_, at) => at + 1);
  const most = Math.max(...report.matrix.map((cell) => cell.customers), 1);
  const { recency_days: days, frequency } = report.steps;
  // What a score holds: from … to …; nothing where nobody has it.
  const rangeOf = (list: typeof days, score: number, unit: 'days' | 'times') => {
    const step = list.find((one) => one.score === score);
    if (!step || step.least === null || step.greatest === null) return '';
    const [from, to] = [formats.number(step.least), formats.number(step.greatest)];
    return t(`rfm.${unit}`, { n: from === to ? from : `${from}–${to}` });
  };
  return (
    <>
      <p className="quiet small">{t('rfm.matrix_text')}</p>
      <div className="scroll-x" tabIndex={0} role="region" aria-label={t('rfm.matrix')}>
        <table className="heat">
          <thead>
            <tr>
              <th scope="col"><span className="hidden">R</span></th>
              {steps.map((f) => (
                <th key={f} scope="col">
                  {t('rfm.f', { n: f })}
                  <div className="quiet small">{rangeOf(frequency, f, 'times')}</div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...steps].reverse().map((r) => (
              <tr key={r}>
                <th scope="row">
                  {t('rfm.r', { n: r })}
                  <div className="quiet small">{rangeOf(days, r, 'days')}</div>
                </th>
                {steps.map((f) => {
                  const cell = report.matrix.find((one) => one.r === r && one.f === f);
                  if (!cell || cell.customers === 0) return <td key={f} className="quiet">–</td>;
                  return (
                    <td key={f} style={heatOf(cell.customers, most)}>
                      <Link
                        to={`/segments/new?expression=${encodeURIComponent(cell.expression)}`}
                        title={`${t('rfm.these', { n: formats.number(cell.customers) })} · ${formats.money(cell.revenue)}`}
                      >
                        {formats.number(cell.customers)}
                        <div className="small">{formats.money(cell.revenue, true)}</div>
                      </Link>
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
