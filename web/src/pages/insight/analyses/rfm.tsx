// RFM: the matrix of recency and frequency, the eight classes, and where they came from. Every cell leads to its people.
import '../../../shell/customer_words';

import { Segmented, Select } from 'antd';
import type { TFunction } from 'i18next';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { hooks } from '../../../api/client';
import type { components } from '../../../api/schema';
import { DayInput } from '../../../day_input';
import { decimalOf, useFormats } from '../../../format';
import { words, currentLanguage } from '../../../i18n';
import { Card } from '../../../page';
import { useMay } from '../../../session';
import { Answer, Empty, Loading, Stale } from '../../../states';
import type { Analysis, Scope, Shown } from '../analysis';
import { RfmClasses } from '../rfm/classes';
import { RfmMatrix } from '../rfm/matrix';
import { RfmMigration } from '../rfm/migration';

const RfmChart = lazy(() => import('../rfm/chart').then((m) => ({ default: m.RfmChart })));

words('rfm', {
  basis: ['金额口径', 'Basis of amounts'],
  net: ['扣除退款', 'Net of refunds'],
  gross: ['不扣退款', 'Gross'],
  scores: ['分几档', 'Scores'],
  scores_n: ['{{n}} 档', '{{n}} scores'],
  matrix: ['R × F 矩阵', 'Recency × frequency'],
  matrix_text: ['行是最近购买（上方最近），列是购买频次（右侧最多）；颜色越深人越多。点一格查看这些客户。', 'Rows: how recently they bought (the latest above); columns: how often (the most at the right); darker is more people. A cell leads to its customers.'],
  r: ['最近购买 R{{n}}', 'Recency R{{n}}'],
  f: ['频次 F{{n}}', 'Frequency F{{n}}'],
  days_ago: ['{{range}} 天前', '{{range}} days ago'],
  times: ['{{range}} 次', '{{range}} ×'],
  nobody: ['没有人', 'nobody'],
  classes: ['八类客户', 'The eight classes'],
  class: ['类别', 'Class'],
  customers: ['客户', 'Customers'],
  share: ['占比', 'Share'],
  revenue: ['销售额', 'Revenue'],
  revenue_share: ['销售额占比', 'Share of revenue'],
  recency: ['平均距今天数', 'Mean days since'],
  frequency: ['平均次数', 'Mean frequency'],
  monetary: ['平均金额', 'Mean amount'],
  chart: ['人数与销售额', 'People and revenue'],
  migration: ['类别迁移', 'Migration between classes'],
  migration_text: ['行是 {{from}} 时的类别，列是现在的类别。', 'Rows: the class on {{from}}; columns: the class now.'],
  from: ['从', 'From'],
  to: ['到', 'To'],
  these: ['这些客户：{{n}}', 'These customers: {{n}}'],
  compare_to: ['与哪一天比较', 'Compared with'],
  keep: ['存为名单并查看这 {{count, number}} 位', 'Keep this customer as a list and see them | Keep these {{count, number}} customers as a list and see them'],
  kept: ['已存为名单“{{name}}”', 'Kept as the list “{{name}}”'],
  definition: ['口径：{{basis}}，{{window}}，{{scoring}}；R ≥ {{r}}、F ≥ {{f}}、M ≥ {{m}} 为高。', '{{basis}}, {{window}}, {{scoring}}; high is R ≥ {{r}}, F ≥ {{f}}, M ≥ {{m}}.'],
  all_orders: ['全部订单', 'all orders'],
  window: ['最近 {{n}} 天的订单', 'orders of the last {{n}} days'],
  by_quantiles: ['按人数分 {{n}} 档', '{{n}} scores by quantiles'],
  by_thresholds: ['按固定界限分 {{n}} 档', '{{n}} scores by thresholds'],
  change_definition: ['修改定义', 'Change the definition'],
});

type Report = components['schemas']['rfm_report'];
type Basis = Report['basis'];

const kDaysBack = 90; // whom the migration is shown from, until another day is chosen

function tablesOf(report: Report, t: TFunction): Shown['tables'] {
  const isEnglish = currentLanguage() === 'en';
  return [
    {
      name: t('rfm.classes'),
      columns: ['class', 'customers', 'share', 'revenue', 'revenue_share', 'recency', 'frequency', 'monetary'].map((key) => t(`rfm.${key}`)),
      rows: report.classes.map((one) => [
        t(`customer.rfm.${one.class}`, { defaultValue: isEnglish ? one.name_en : one.name_zh }),
        one.customers,
        one.share,
        decimalOf(one.revenue),
        one.revenue_share,
        one.recency_days_mean,
        one.frequency_mean,
        decimalOf(one.monetary_mean),
      ]),
    },
    {
      name: t('rfm.matrix'),
      columns: ['R', 'F', t('rfm.customers'), t('rfm.revenue')],
      rows: report.matrix.map((cell) => [cell.r, cell.f, cell.customers, decimalOf(cell.revenue)]),
    },
    ...(report.migration
      ? [
          {
            name: t('rfm.migration'),
            columns: [t('rfm.from'), ...report.migration.classes.map((one) => t(`customer.rfm.${one}`, { defaultValue: one }))],
            rows: report.migration.cells.map((row, at) => [t(`customer.rfm.${report.migration?.classes[at] ?? ''}`, { defaultValue: String(at) }), ...row]),
          },
        ]
      : []),
  ];
}

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

function definitionOf({ definition }: Report, t: TFunction): string {
  const { basis, window_days, scoring, scores, high } = definition;
  return t('rfm.definition', {
    basis: t(`rfm.${basis}`),
    window: window_days === 0 ? t('rfm.all_orders') : t('rfm.window', { n: window_days }),
    scoring: t(`rfm.by_${scoring}`, { n: scores }),
    ...high,
  });
}

function Rfm({ scope, onShown }: { scope: Scope; onShown: (shown: Partial<Shown>) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const maySettings = useMay('settings.read');
  const mayImport = useMay('imports.write');
  // As the settings say until something else is chosen here.
  const [basis, setBasis] = useState<Basis | null>(null);
  const [scores, setScores] = useState<number | null>(null);
  const [compared, setCompared] = useState<string | null>(null);
  const compareTo = compared ?? dayBefore(scope.asOf || formats.today(), kDaysBack);
  const body = {
    ...(basis ? { basis } : {}),
    ...(scores ? { scores } : {}),
    ...(compareTo ? { compare_to: compareTo } : {}),
    ...(scope.where ? { where: scope.where } : {}),
    ...(scope.asOf ? { as_of: scope.asOf } : {}),
  };
  const query = hooks.useQuery('post', '/insight/rfm', { body }, { placeholderData: (before) => before });
  const tables = useMemo(() => (query.data ? tablesOf(query.data, t) : []), [query.data, t]);
  useEffect(() => onShown({ tables }), [tables, onShown]);

  return (
    <div className="stack">
      <div className="row">
        <Segmented<Basis>
          aria-label={t('rfm.basis')}
          value={basis ?? query.data?.definition.basis ?? 'net'}
          onChange={setBasis}
          options={(['net', 'gross'] as const).map((key) => ({ value: key, label: t(`rfm.${key}`) }))}
        />
        <Select
          aria-label={t('rfm.scores')}
          value={scores ?? query.data?.scores ?? null}
          onChange={setScores}
          options={[...new Set([2, 3, 4, 5, 10, query.data?.scores ?? 5])].sort((a, b) => a - b).map((n) => ({ value: n, label: t('rfm.scores_n', { n }) }))}
        />
        <label className="row">
          <span className="quiet">{t('rfm.compare_to')}</span>
          <DayInput label={t('rfm.compare_to')} value={compareTo} onChange={setCompared} max={scope.asOf || formats.today()} clearable />
        </label>
      </div>
      <Answer query={query} rows={8}>
        {(report) =>
          report.customers === 0 ? (
            <Card>
              <Empty title={t('insight.empty')} actions={mayImport && <Link to="/data/import">{t('insight.import')}</Link>}>
                {t('insight.empty_text')}
              </Empty>
            </Card>
          ) : (
            <Stale when={query.isPlaceholderData}>
              <p className="quiet definition">
                {definitionOf(report, t)} {maySettings && <Link className="underlined" to="/settings/definitions">{t('rfm.change_definition')}</Link>}
              </p>
              <div className="grid">
              <Card className="span-7" title={t('rfm.matrix')}>
                <RfmMatrix report={report} />
              </Card>
              <Card className="span-5" title={t('rfm.chart')}>
                <Suspense fallback={<Loading />}>
                  <RfmChart report={report} onReady={(picture) => onShown({ picture })} />
                </Suspense>
              </Card>
              <Card className="span-12" title={t('rfm.classes')}>
                <RfmClasses report={report} />
              </Card>
              {report.migration && (
                <Card className="span-12" title={t('rfm.migration')}>
                  <RfmMigration migration={report.migration} question={{ ...body, compare_to: compareTo }} />
                </Card>
              )}
              </div>
            </Stale>
          )
        }
      </Answer>
    </div>
  );
}

export const analysis: Analysis = { key: 'rfm', order: 10, title: ['RFM 分析', 'RFM'], Component: Rfm };
