import '../../../shell/customer_words';

import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { components } from '../../../api/schema';
import { DataTable } from '../../../data_table';
import { useFormats } from '../../../format';
import { currentLanguage } from '../../../i18n';

export function RfmClasses({ report }: { report: components['schemas']['rfm_report'] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const isEnglish = currentLanguage() === 'en';
  return (
    <DataTable
      caption={t('rfm.classes')}
      rows={report.classes}
      rowKey={(one) => one.class}
      columns={[
        {
          key: 'class',
          title: t('rfm.class'),
          render: (one) => <Link to={`/segments/new?expression=${encodeURIComponent(one.expression)}`}>{t(`customer.rfm.${one.class}`, isEnglish ? one.name_en : one.name_zh)}</Link>,
        },
        { key: 'customers', title: t('rfm.customers'), number: true, render: (one) => formats.number(one.customers) },
        { key: 'share', title: t('rfm.share'), number: true, render: (one) => formats.percent(one.share) },
        { key: 'revenue', title: t('rfm.revenue'), number: true, render: (one) => formats.money(one.revenue) },
        { key: 'revenue_share', title: t('rfm.revenue_share'), number: true, render: (one) => formats.percent(one.revenue_share) },
        { key: 'recency', title: t('rfm.recency'), number: true, render: (one) => formats.number(one.recency_days_mean, 0) },
        { key: 'frequency', title: t('rfm.frequency'), number: true, render: (one) => formats.number(one.frequency_mean, 1) },
        { key: 'monetary', title: t('rfm.monetary'), number: true, render: (one) => formats.money(one.monetary_mean) },
      ]}
    />
  );
}
