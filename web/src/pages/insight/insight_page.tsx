// The frame of every analysis: which one, among whom, as of when, and taking away what is shown.
import './words';

import { DownloadOutlined } from '@ant-design/icons';
import { Button, Dropdown, Select } from 'antd';
import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useParams, useSearchParams } from 'react-router';

import { hooks } from '../../api/client';
import { DayInput } from '../../day_input';
import { useFormats } from '../../format';
import { currentLanguage } from '../../i18n';
import { Page } from '../../page';
import { saveFile, saveUrl } from '../../save_file';
import { Empty } from '../../states';
import { kAnalyses, type Shown } from './analysis';
import { csvOf, saveXlsx } from './export_tables';

export function InsightPage() {
  const { t } = useTranslation();
  const { analysis: key } = useParams();
  const [search, setSearch] = useSearchParams();
  const formats = useFormats();
  const shown = useRef<Shown>({ tables: [], picture: null });
  const onShown = useCallback((next: Partial<Shown>) => {
    shown.current = { ...shown.current, ...next };
  }, []);
  const segments = hooks.useQuery('get', '/segments');
  const analysis = kAnalyses.find((one) => one.key === key);
  const titleOf = (title: readonly [string, string]) => title[currentLanguage() === 'en' ? 1 : 0];
  const where = search.get('where') ?? '';
  const asOf = search.get('as_of') ?? '';
  const put = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };

  if (!analysis) {
    return (
      <Page title={t('insight.title')}>
        <Empty title={t('insight.no_such')} />
      </Page>
    );
  }
  const name = titleOf(analysis.title);
  const save = (kind: string) => {
    const { tables, picture } = shown.current;
    if (kind === 'png' && picture) saveUrl(`${name}.png`, picture.dataUrl());
    else if (kind === 'csv') saveFile(`${name}.csv`, 'text/csv;charset=utf-8', csvOf(tables));
    else if (kind === 'xlsx') void saveXlsx(name, tables);
  };
  const options = [
    { value: '', label: t('insight.everybody') },
    ...(segments.data?.items ?? []).map((one) => ({ value: `segment("${one.name}")`, label: one.name })),
  ];

  return (
    <Page
      title={name}
      actions={
        <>
          <Select
            aria-label={t('insight.among')}
            showSearch={{ optionFilterProp: 'label' }}
            value={where}
            options={options.some((one) => one.value === where) ? options : [...options, { value: where, label: where }]}
            popupMatchSelectWidth={false}
            style={{ minWidth: 150, maxWidth: 260 }}
            onChange={(value: string) => put('where', value)}
          />
          <label className="row">
            <span className="quiet">{t('insight.as_of')}</span>
            <DayInput label={t('insight.as_of')} value={asOf} onChange={(day) => put('as_of', day)} max={formats.today()} clearable />
          </label>
          {asOf && <Button onClick={() => put('as_of', '')}>{t('insight.now')}</Button>}
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                { key: 'png', label: t('insight.picture') },
                { key: 'csv', label: 'CSV' },
                { key: 'xlsx', label: 'XLSX' },
              ],
              onClick: ({ key: kind }) => save(kind),
            }}
          >
            <Button icon={<DownloadOutlined aria-hidden />} aria-haspopup="menu">
              {t('insight.export')}
            </Button>
          </Dropdown>
        </>
      }
    >
      {kAnalyses.length > 1 && (
        <nav className="tabs" aria-label={t('insight.title')}>
          {kAnalyses.map((one) => (
            <NavLink key={one.key} to={`/insight/${one.key}`}>
              {titleOf(one.title)}
            </NavLink>
          ))}
        </nav>
      )}
      <analysis.Component key={analysis.key} scope={{ where, asOf }} onShown={onShown} />
    </Page>
  );
}
