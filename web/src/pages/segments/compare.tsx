// The segment beside everybody: what is more common in it, and what is rarer.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { hooks } from '../../api/client';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { currentLanguage } from '../../i18n';
import { Card } from '../../page';
import { Answer, Empty } from '../../states';

export function Compare({ expression }: { expression: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = hooks.useQuery('post', '/segments/compare', { body: { expression } });
  const isEnglish = currentLanguage() === 'en';
  return (
    <Card title={t('segments.tabs.compare')}>
      <p className="quiet">{t('segments.compare_text')}</p>
      <Answer query={query} rows={8}>
        {({ values }) =>
          values.length === 0 ? (
            <Empty title={t('segments.compare_empty')} />
          ) : (
            <DataTable
              caption={t('segments.tabs.compare')}
              rows={[...values].sort((a, b) => b.lift - a.lift)}
              rowKey={(one) => `${one.attribute}=${one.value}`}
              columns={[
                {
                  key: 'value',
                  title: t('segments.value'),
                  render: (one) => (
                    <Link to={`/segments/new?expression=${encodeURIComponent(`(${expression}) and ${one.expression}`)}`}>
                      {isEnglish ? one.attribute_en : one.attribute_zh}: {one.value}
                    </Link>
                  ),
                },
                {
                  key: 'in_segment',
                  title: t('segments.in_segment'),
                  number: true,
                  render: (one) => `${formats.number(one.in_segment)} · ${formats.percent(one.segment_share)}`,
                },
                { key: 'in_all', title: t('segments.in_all'), number: true, render: (one) => `${formats.number(one.in_all)} · ${formats.percent(one.all_share)}` },
                {
                  key: 'lift',
                  title: t('segments.lift'),
                  number: true,
                  render: (one) => <span className={one.lift >= 1 ? 'delta-up' : 'delta-down'}>×{formats.number(one.lift, 2)}</span>,
                },
              ]}
            />
          )
        }
      </Answer>
    </Card>
  );
}
