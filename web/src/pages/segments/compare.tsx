// The segment beside everybody: what is more common in it, and what is rarer.
import '../../shell/customer_words';

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { hooks } from '../../api/client';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { currentLanguage } from '../../i18n';
import { Card } from '../../page';
import { Answer, Empty } from '../../states';

const kTelling = 0.05; // nearer to 1 it says nothing

export function Compare({ expression }: { expression: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = hooks.useQuery('post', '/segments/compare', { body: { expression } });
  const isEnglish = currentLanguage() === 'en';
  const [all, setAll] = useState(false);
  const valueOf = (attribute: string, value: string) =>
    value === ''
      ? t('segments.unknown')
      : attribute === 'lifecycle'
        ? t(`customer.lifecycle.${value}`, { defaultValue: value })
        : attribute === 'rfm.class'
          ? t(`customer.rfm.${value}`, { defaultValue: value })
          : attribute === 'gender'
            ? t(`customer.gender.${value}`, { defaultValue: value })
            : value;
  return (
    <Card title={t('segments.tabs.compare')}>
      <p className="quiet">{t('segments.compare_text')}</p>
      <Answer query={query} rows={8}>
        {({ values }) => {
          const telling = values.filter((one) => Math.abs(one.lift - 1) >= kTelling);
          const shown = [...(all ? values : telling)].sort((a, b) => b.lift - a.lift);
          return values.length === 0 ? (
            <Empty title={t('segments.compare_empty')} />
          ) : (
            <>
            <DataTable
              caption={t('segments.tabs.compare')}
              rows={shown}
              rowKey={(one) => `${one.attribute}=${one.value}`}
              columns={[
                {
                  key: 'value',
                  title: t('segments.value'),
                  render: (one) => (
                    <Link to={`/segments/new?expression=${encodeURIComponent(`(${expression}) and ${one.expression}`)}`}>
                      {t('segments.attribute_value', { attribute: isEnglish ? one.attribute_en : one.attribute_zh, value: valueOf(one.attribute, one.value) })}
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
                  render: (one) => <span className={one.lift >= 1 + kTelling ? 'delta-up' : one.lift <= 1 - kTelling ? 'delta-down' : ''}>×{formats.number(one.lift, 2)}</span>,
                },
              ]}
            />
            {(all || telling.length < values.length) && (
              <button type="button" className="link-like" onClick={() => setAll(!all)}>
                {all ? t('segments.compare_telling') : t('segments.compare_all', { count: values.length - telling.length })}
              </button>
            )}
            </>
          );
        }}
      </Answer>
    </Card>
  );
}
