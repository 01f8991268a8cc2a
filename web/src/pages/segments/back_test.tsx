// Whom it would have chosen on a day in the past, and what they bought afterwards, beside everybody else.
import { Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { DayInput } from '../../day_input';
import { decimalOf, useFormats } from '../../format';
import { Card } from '../../page';
import { Answer } from '../../states';

type Outcome = components['schemas']['group_outcome'];

const kRows: { key: keyof Outcome; ratio: boolean }[] = [
  { key: 'customers', ratio: false },
  { key: 'buyers', ratio: false },
  { key: 'buyer_share', ratio: true },
  { key: 'orders', ratio: false },
  { key: 'orders_per_head', ratio: true },
  { key: 'revenue', ratio: false },
  { key: 'refunds', ratio: false },
  { key: 'net', ratio: false },
  { key: 'net_per_head', ratio: true },
];

export function BackTest({ expression }: { expression: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [asOf, setAsOf] = useState(() => formats.today(-60));
  const [days, setDays] = useState(30);
  const [asked, setAsked] = useState<{ as_of: string; days: number } | null>(null);
  const query = hooks.useQuery('post', '/segments/back-test', { body: { expression, ...(asked ?? { as_of: asOf, days }) } }, {
    enabled: asked !== null,
  });
  const shown = (outcome: Outcome, key: keyof Outcome) => {
    const value = outcome[key];
    if (typeof value === 'object') return formats.money(value);
    return key === 'buyer_share' ? formats.percent(value) : formats.number(value, key === 'orders_per_head' ? 2 : undefined);
  };
  const plain = (outcome: Outcome, key: keyof Outcome) => {
    const value = outcome[key];
    return typeof value === 'object' ? decimalOf(value) : value;
  };

  return (
    <Card title={t('segments.tabs.backtest')}>
      <div className="stack">
        <p className="quiet">{t('segments.backtest_text')}</p>
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            setAsked({ as_of: asOf, days });
          }}
        >
          <label className="row">
            {t('segments.as_of')} <DayInput label={t('segments.as_of')} value={asOf} onChange={setAsOf} max={formats.today()} />
          </label>
          <label className="row">
            {t('segments.days')}{' '}
            <InputNumber aria-label={t('segments.days')} min={1} max={3650} precision={0} value={days} onChange={(value) => setDays(value ?? 30)} />
          </label>
          <Button type="primary" htmlType="submit" loading={query.isFetching}>
            {t('segments.run')}
          </Button>
        </form>
        {asked && (
          <Answer query={query}>
            {(data) => (
              <>
                {!data.is_complete && <div className="notice">{t('segments.incomplete', { until: formats.time(data.until) })}</div>}
                <div className="scroll-x">
                  <table className="plain-table" data-testid="back-test">
                    <thead>
                      <tr>
                        <th scope="col"><span className="hidden">{t('segments.value')}</span></th>
                        <th scope="col" className="number">{t('segments.chosen')}</th>
                        <th scope="col" className="number">{t('segments.rest')}</th>
                        <th scope="col" className="number">{t('segments.lift')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {kRows.map(({ key, ratio }) => {
                        const rest = plain(data.rest, key);
                        return (
                          <tr key={key}>
                            <th scope="row">{t(`segments.${key}`)}</th>
                            <td className="number">{shown(data.members, key)}</td>
                            <td className="number">{shown(data.rest, key)}</td>
                            <td className="number">
                              {ratio && rest > 0 ? t('segments.times', { n: formats.number(plain(data.members, key) / rest, 1) }) : ''}
                            </td>
                          </tr>
                        );
                      })}
                    </tbody>
                  </table>
                </div>
                <p className="quiet small">{t('segments.backtest_hint')}</p>
              </>
            )}
          </Answer>
        )}
      </div>
    </Card>
  );
}
