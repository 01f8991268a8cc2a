// What the file was recognised as, its first rows, and what may be said besides: format, shop, zone, currency.
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import type { operations } from '../../api/schema';
import { Card } from '../../page';
import { Answer } from '../../states';
import { currencies, timeZones } from '../../zones';

type Body = operations['start_import']['requestBody']['content']['application/json'];
export type ImportChoice = Pick<Body, 'format' | 'shop' | 'time_zone' | 'currency'>;
type Format = NonNullable<ImportChoice['format']>;

const kFormats: Format[] = ['auto', 'taobao', 'native', 'online-retail', 'cdnow', 'transactions'];

export function PreviewStep({
  upload,
  onCheck,
  onImport,
  onOther,
}: {
  upload: { id: string; name: string };
  onCheck: (choice: ImportChoice) => void;
  onImport: (choice: ImportChoice) => void;
  onOther: () => void;
}) {
  const { t } = useTranslation();
  const [format, setFormat] = useState<Format>('auto');
  const [shop, setShop] = useState('');
  const [zone, setZone] = useState('');
  const [currency, setCurrency] = useState('');
  const query = hooks.useQuery('post', '/imports/preview', { body: { upload_id: upload.id, format } }, { gcTime: 0, retry: false });
  const choice: ImportChoice = {
    format,
    ...(shop.trim() ? { shop: shop.trim() } : {}),
    ...(zone ? { time_zone: zone } : {}),
    ...(currency ? { currency } : {}),
  };

  return (
    <Card title={upload.name} extra={<Button onClick={onOther}>{t('data.other_file')}</Button>}>
      <div className="stack">
        <Form layout="vertical" className="import-form">
          <Form.Item label={t('data.format')} htmlFor="import-format">
            <Select id="import-format" value={format} onChange={setFormat} options={kFormats.map((key) => ({ value: key, label: t(`data.formats.${key}`) }))} />
          </Form.Item>
          <Form.Item label={t('data.shop')} htmlFor="import-shop" extra={t('data.shop_hint')}>
            <Input id="import-shop" value={shop} placeholder={query.data?.shop} onChange={(event) => setShop(event.target.value)} />
          </Form.Item>
          <Form.Item label={t('data.time_zone')} htmlFor="import-zone">
            <Select
              id="import-zone"
              showSearch
              value={zone || query.data?.time_zone || null}
              onChange={setZone}
              options={timeZones().map((name) => ({ value: name, label: name }))}
            />
          </Form.Item>
          <Form.Item label={t('data.currency')} htmlFor="import-currency">
            <Select
              id="import-currency"
              showSearch
              value={currency || query.data?.currency || null}
              onChange={setCurrency}
              options={currencies().map((code) => ({ value: code, label: code }))}
            />
          </Form.Item>
        </Form>
        <Answer query={query} rows={6}>
          {(preview) => (
            <div className="stack">
              <p>
                <strong>{t('data.recognised', { format: t(`data.formats.${preview.format}`, preview.format) })}</strong>
                <span className="quiet"> · {t('data.encoding')} {preview.encoding}</span>
              </p>
              {preview.warnings.map((warning) => (
                <div key={warning} className="notice">{warning}</div>
              ))}
              {preview.ignored_columns.length > 0 && <p className="quiet small">{t('data.ignored', { columns: preview.ignored_columns.join(t('shell.list_comma')) })}</p>}
              <div className="scroll-x preview" tabIndex={0} role="region" aria-label={t('data.preview_rows', { n: preview.rows.length })}>
                <table className="plain-table small">
                  <caption className="hidden">{t('data.preview_rows', { n: preview.rows.length })}</caption>
                  <thead>
                    <tr>
                      {preview.columns.map((column, at) => (
                        <th key={at} scope="col">{column}</th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {preview.rows.map((row, at) => (
                      <tr key={at}>
                        {row.map((cell, index) => (
                          <td key={index}>{cell}</td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <div className="row">
                <Button type="primary" onClick={() => onCheck(choice)}>
                  {t('data.dry_run')}
                </Button>
                <Button onClick={() => onImport(choice)}>{t('data.import_now')}</Button>
                <span className="quiet small">{t('data.dry_run_text')}</span>
              </div>
            </div>
          )}
        </Answer>
      </div>
    </Card>
  );
}
