import { App, Button, Dropdown, Form, Input, Select } from 'antd';
import { MoreOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { currentLanguage } from '../../i18n';
import { Card } from '../../page';
import { basePath } from '../../place';
import { useSession } from '../../session';
import { Answer } from '../../states';
import { useAttempt } from './attempt';
import { FormModal } from '../../form_modal';
import { useRoleName } from './role_name';
import { SecretModal } from './secret_modal';

type User = components['schemas']['user'];

interface Fields {
  name: string;
  display_name: string;
  role_id: number;
  language: 'zh-CN' | 'en';
}

// The server says the link below its own root; the person needs the whole address.
function wholeLink(link: string): string {
  return /^https?:/.test(link) ? link : `${window.location.origin}${basePath}/${link.replace(/^\//, '')}`;
}

export function Users() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const formats = useFormats();
  const { session } = useSession();
  const attempt = useAttempt();
  const nameOf = useRoleName();
  const [editing, setEditing] = useState<User | 'new' | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const query = hooks.useQuery('get', '/users');
  const roles = hooks.useQuery('get', '/roles');

  const update = async (id: number, body: { display_name?: string; role_id?: number; language?: 'zh-CN' | 'en'; disabled?: boolean; remove_totp?: boolean }) => {
    const { response } = await api.GET('/users/{id}', { params: { path: { id } } });
    await api.PATCH('/users/{id}', { params: { path: { id }, header: { 'If-Match': response.headers.get('ETag') ?? '' } }, body });
  };
  const submit = async (fields: Fields) => {
    if (editing === 'new') {
      const { data } = await api.POST('/users', { body: { ...fields, name: fields.name.trim() } });
      if (data) setLink(wholeLink(data.link));
    } else if (editing) {
      await update(editing.id, { display_name: fields.display_name, role_id: fields.role_id, language: fields.language });
    }
  };
  const resetPassword = (user: User) =>
    attempt(async () => {
      const { data } = await api.POST('/users/{id}/reset-password', { params: { path: { id: user.id } } });
      if (data) setLink(wholeLink(data.link));
    });
  const disable = (user: User) =>
    void modal.confirm({
      title: t('settings.disable'),
      content: t('settings.disable_sure', { name: user.display_name }),
      okText: t('settings.disable'),
      okButtonProps: { danger: true },
      cancelText: t('shell.cancel'),
      onOk: () => attempt(() => update(user.id, { disabled: true })),
    });

  return (
    <Card title={t('settings.sections.users')} extra={<Button onClick={() => setEditing('new')}>{t('settings.add_user')}</Button>}>
      <Answer query={query}>
        {({ items }) => (
          <DataTable
            caption={t('settings.sections.users')}
            rows={items}
            rowKey={(user) => user.id}
            columns={[
              {
                key: 'name',
                title: t('settings.display_name'),
                render: (user) => (
                  <>
                    {user.display_name} {user.disabled && <span className="tag bad">{t('settings.disabled')}</span>}
                    <div className="quiet small">{user.name}</div>
                  </>
                ),
              },
              { key: 'role', title: t('settings.role'), render: (user) => nameOf({ key: user.role, name: user.role }) },
              { key: 'totp', title: t('settings.two_step'), render: (user) => (user.totp_enabled ? t('shell.yes') : t('shell.no')) },
              { key: 'last', title: t('settings.last_sign_in'), render: (user) => (user.last_sign_in_at ? formats.time(user.last_sign_in_at) : t('settings.never')) },
              {
                key: 'actions',
                title: t('shell.actions'),
                render: (user) => (
                  <span className="row tight">
                    <Button size="small" onClick={() => setEditing(user)}>
                      {t('shell.edit')}
                    </Button>
                    <Dropdown
                      trigger={['click']}
                      menu={{
                        items: [
                          { key: 'reset', label: t('settings.reset_password'), onClick: () => void resetPassword(user) },
                          ...(user.totp_enabled
                            ? [{ key: 'totp', label: t('settings.remove_totp'), onClick: () => void attempt(() => update(user.id, { remove_totp: true })) }]
                            : []),
                          ...(user.id === session.user?.id
                            ? []
                            : user.disabled
                              ? [{ key: 'enable', label: t('settings.enable'), onClick: () => void attempt(() => update(user.id, { disabled: false })) }]
                              : [{ key: 'disable', danger: true, label: t('settings.disable'), onClick: () => disable(user) }]),
                        ],
                      }}
                    >
                      <Button size="small" icon={<MoreOutlined aria-hidden />} aria-label={`${t('shell.actions')} ${user.name}`} aria-haspopup="menu" />
                    </Dropdown>
                  </span>
                ),
              },
            ]}
          />
        )}
      </Answer>
      {editing && (
        <FormModal<Fields>
          title={editing === 'new' ? t('settings.add_user') : t('shell.edit')}
          initial={editing === 'new' ? { language: currentLanguage() } : editing}
          onSubmit={submit}
          onClose={() => setEditing(null)}
        >
          {editing === 'new' && (
            <Form.Item name="name" label={t('settings.user')} rules={[{ required: true, whitespace: true }]}>
              <Input autoComplete="off" />
            </Form.Item>
          )}
          <Form.Item name="display_name" label={t('settings.display_name')} rules={[{ required: true, whitespace: true }]}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="role_id" label={t('settings.role')} rules={[{ required: true }]}>
            <Select options={(roles.data?.items ?? []).map((role) => ({ value: role.id, label: nameOf(role) }))} />
          </Form.Item>
          <Form.Item name="language" label={t('settings.language')}>
            <Select
              options={[
                { value: 'zh-CN', label: '中文' },
                { value: 'en', label: 'English' },
              ]}
            />
          </Form.Item>
        </FormModal>
      )}
      {link && <SecretModal title={t('settings.link_title')} text={t('settings.link_text')} secret={link} onClose={() => setLink(null)} />}
    </Card>
  );
}
