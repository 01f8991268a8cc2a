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
  const range = (steps: { score: number; least: number | null; greatest: number | null }[], score: number, words: string) => {
    const step = steps.find((one) => one.score === score);
    if (!step || step.least === null || step.greatest === null) return t('rfm.nobody');
    const least = formats.number(step.least);
    return t(words, { range: step.least === step.greatest ? least : `${least}–${formats.number(step.greatest)}` });
  };
  const recencyWords = (r: number) => range(report.steps.recency_days, r, 'rfm.days_ago');
  const frequencyWords = (f: number) => range(report.steps.frequency, f, 'rfm.times');
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
                  <div className="quiet small">{frequencyWords(f)}</div>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...steps].reverse().map((r) => (
              <tr key={r}>
                <th scope="row">
                  {t('rfm.r', { n: r })}
                  <div className="quiet small">{recencyWords(r)}</div>
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
