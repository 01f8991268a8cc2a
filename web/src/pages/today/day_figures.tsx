import { useTranslation } from 'react-i18next';

import type { components } from '../../api/schema';
import { useFormats } from '../../format';

type Day = components['schemas']['day_numbers'];

const kFigures = ['orders', 'revenue', 'new_customers', 'returning_customers'] as const;

function valueOf(day: Day, figure: (typeof kFigures)[number]): number {
  return figure === 'revenue' ? day.revenue.minor : day[figure];
}

export function DayFigures({ today, yesterday, weekBefore }: { today: Day; yesterday: Day; weekBefore: Day }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const shown = (day: Day, figure: (typeof kFigures)[number]) =>
    figure === 'revenue' ? formats.money(day.revenue) : formats.number(day[figure]);

  return (
    <>
      {kFigures.map((figure) => {
        const before = valueOf(weekBefore, figure);
        const change = before === 0 ? null : valueOf(today, figure) / before - 1;
        return (
          <section key={figure} className="card span-3">
            <h2>{t(`today.${figure}`)}</h2>
            <div className="figure">{shown(today, figure)}</div>
            <dl className="pairs small">
              <dt>{t('today.yesterday')}</dt>
              <dd>{shown(yesterday, figure)}</dd>
              <dt>{t('today.week_before')}</dt>
              <dd>
                {shown(weekBefore, figure)}{' '}
                {change !== null && (
                  <span className={change < 0 ? 'delta-down' : 'delta-up'} title={t('today.against_week')}>
                    {change < 0 ? '↓' : '↑'} {formats.percent(Math.abs(change), 0)}
                  </span>
                )}
              </dd>
            </dl>
          </section>
        );
      })}
    </>
  );
}
