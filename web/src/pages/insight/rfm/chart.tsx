import '../../../shell/customer_words';

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import type { components } from '../../../api/schema';
import { Chart, type Picture } from '../../../charts/chart';
import { currentLanguage } from '../../../i18n';

export function RfmChart({ report, onReady }: { report: components['schemas']['rfm_report']; onReady: (picture: Picture) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const isEnglish = currentLanguage() === 'en';
  const option = useMemo(
    () => ({
      legend: { bottom: 0 },
      grid: { left: 8, right: 16, top: 8, bottom: 34, containLabel: true },
      xAxis: { type: 'value', axisLabel: { formatter: (value: number) => `${Math.round(value * 100)}%` } },
      yAxis: { type: 'category', inverse: true, data: report.classes.map((one) => t(`customer.rfm.${one.class}`, isEnglish ? one.name_en : one.name_zh)) },
      series: [
        { type: 'bar', name: t('rfm.share'), data: report.classes.map((one) => one.share) },
        { type: 'bar', name: t('rfm.revenue_share'), data: report.classes.map((one) => one.revenue_share) },
      ],
    }),
    [report, isEnglish, t],
  );
  return (
    <Chart
      label={t('rfm.chart')}
      height={340}
      option={option}
      onReady={onReady}
      onChoose={(at) => {
        const expression = report.classes[at]?.expression;
        if (expression) void navigate(`/segments/new?expression=${encodeURIComponent(expression)}`);
      }}
    />
  );
}
