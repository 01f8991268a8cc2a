import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { basePath } from '../../place';
import { Answer, Empty } from '../../states';
import { FormModal } from '../../form_modal';

interface Fields {
  kind: 'shopify' | 'woocommerce';
  shop: string;
  secret: string;
}

export function Webhooks() {
  const { t } = useTranslation();
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const query = hooks.useQuery('get', '/webhook-sources');
  return (
    <Card title={t('settings.sections.webhooks')} extra={<Button onClick={() => setOpen(true)}>{t('settings.add_webhook')}</Button>}>
      <p className="quiet">{t('settings.webhooks_text')}</p>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('settings.webhooks_empty')} />
          ) : (
            <DataTable
              caption={t('settings.sections.webhooks')}
              rows={items}
              rowKey={(one) => `${one.kind}/${one.shop}`}
              columns={[
                { key: 'kind', title: t('settings.platform'), render: (one) => one.kind },
                { key: 'shop', title: t('settings.shop'), render: (one) => one.shop },
                { key: 'path', title: t('settings.path'), render: (one) => <span className="code">{`${window.location.origin}${basePath}${one.path}`}</span> },
                { key: 'secret', title: t('settings.secret'), render: (one) => (one.has_secret ? t('shell.yes') : t('shell.no')) },
                { key: 'last', title: t('settings.last_received'), render: (one) => (one.last_received_at ? formats.ago(one.last_received_at) : t('settings.never')) },
              ]}
            />
          )
        }
      </Answer>
      {open && (
        <FormModal<Fields> title={t('settings.add_webhook')} initial={{ kind: 'shopify' }} onSubmit={(body) => api.PUT('/webhook-sources', { body })} onClose={() => setOpen(false)}>
          <Form.Item name="kind" label={t('settings.platform')}>
            <Select
              options={[
                { value: 'shopify', label: 'Shopify' },
                { value: 'woocommerce', label: 'WooCommerce' },
              ]}
            />
          </Form.Item>
          <Form.Item name="shop" label={t('settings.shop')} rules={[{ required: true, whitespace: true }]}>
            <Input />
          </Form.Item>
          <Form.Item name="secret" label={t('settings.secret')} rules={[{ required: true }]}>
            <Input.Password autoComplete="off" />
          </Form.Item>
        </FormModal>
      )}
    </Card>
  );
}
