import { App, Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { startOf } from '../../formats';
import { Card } from '../../page';
import { Answer, Empty } from '../../states';
import { useAttempt } from './attempt';
import { FormModal } from '../../form_modal';
import { kPermissions, usePermissionName } from './permissions';
import { SecretModal } from './secret_modal';

type Key = components['schemas']['api_key'];

interface Fields {
  name: string;
  permissions: Key['permissions'];
  expires?: string;
}

export function Keys() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const formats = useFormats();
  const attempt = useAttempt();
  const permissionName = usePermissionName();
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const query = hooks.useQuery('get', '/api-keys');
  const submit = async ({ name, permissions, expires }: Fields) => {
    const { data } = await api.POST('/api-keys', { body: { name, permissions, ...(expires ? { expires_at: startOf(expires, formats.zone) } : {}) } });
    if (data) setSecret(data.key);
  };
  const revoke = (key: Key) =>
    void modal.confirm({
      title: t('settings.revoke_sure', { name: key.name }),
      okText: t('settings.revoke'),
      okButtonProps: { danger: true },
      cancelText: t('shell.cancel'),
      onOk: () => attempt(() => api.DELETE('/api-keys/{id}', { params: { path: { id: key.id } } })),
    });
  return (
    <Card title={t('settings.sections.keys')} extra={<Button onClick={() => setOpen(true)}>{t('settings.add_key')}</Button>}>
      <p className="quiet">{t('settings.keys_text')}</p>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('settings.keys_empty')} />
          ) : (
            <DataTable
              caption={t('settings.sections.keys')}
              rows={items}
              rowKey={(key) => key.id}
              columns={[
                {
                  key: 'name',
                  title: t('settings.key_name'),
                  render: (key) => (
                    <>
                      {key.name} {key.revoked_at && <span className="tag bad">{t('settings.revoked')}</span>}
                      <div className="code quiet small">{key.prefix}…</div>
                    </>
                  ),
                },
                { key: 'permissions', title: t('settings.permissions'), render: (key) => <span className="small quiet">{key.permissions.map(permissionName).join(t('shell.list_comma'))}</span> },
                { key: 'last', title: t('settings.last_used'), render: (key) => (key.last_used_at ? formats.ago(key.last_used_at) : t('settings.never')) },
                { key: 'expires', title: t('settings.expires'), render: (key) => (key.expires_at ? formats.date(key.expires_at) : t('settings.no_expiry')) },
                {
                  key: 'actions',
                  title: t('shell.actions'),
                  render: (key) =>
                    !key.revoked_at && (
                      <Button size="small" onClick={() => revoke(key)}>
                        {t('settings.revoke')}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Answer>
      {open && (
        <FormModal<Fields> title={t('settings.add_key')} width={620} onSubmit={submit} onClose={() => setOpen(false)}>
          <Form.Item name="name" label={t('settings.key_name')} rules={[{ required: true, whitespace: true }]}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="permissions" label={t('settings.permissions')} rules={[{ required: true }]}>
            <Checkbox.Group className="column-choice wide" options={kPermissions.map((one) => ({ value: one, label: permissionName(one) }))} />
          </Form.Item>
          <Form.Item name="expires" label={t('settings.expires')}>
            <Input type="date" min={formats.today(1)} />
          </Form.Item>
        </FormModal>
      )}
      {secret && <SecretModal title={t('settings.key_title')} text={t('settings.key_text')} secret={secret} onClose={() => setSecret(null)} />}
    </Card>
  );
}
