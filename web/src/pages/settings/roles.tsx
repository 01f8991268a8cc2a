import { App, Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { DataTable } from '../../data_table';
import { Card } from '../../page';
import { Answer } from '../../states';
import { useAttempt } from './attempt';
import { FormModal } from '../../form_modal';
import { kPermissions, usePermissionName } from './permissions';
import { useRoleName } from './role_name';

type Role = components['schemas']['role'];

interface Fields {
  name: string;
  permissions: Role['permissions'];
}

export function Roles() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const attempt = useAttempt();
  const nameOf = useRoleName();
  const permissionName = usePermissionName();
  const [editing, setEditing] = useState<{ id: number | null; initial: Partial<Fields> } | null>(null);
  const query = hooks.useQuery('get', '/roles');

  const submit = async (body: Fields) => {
    if (editing?.id) {
      // Whoever edits a role here means this list of permissions, whatever it was before.
      await api.PUT('/roles/{id}', { params: { path: { id: editing.id }, header: { 'If-Match': '*' } }, body });
    } else await api.POST('/roles', { body });
  };
  const remove = (role: Role) =>
    void modal.confirm({
      title: t('settings.delete_role', { name: role.name }),
      okText: t('shell.delete'),
      okButtonProps: { danger: true },
      cancelText: t('shell.cancel'),
      onOk: () => attempt(() => api.DELETE('/roles/{id}', { params: { path: { id: role.id } } })),
    });

  return (
    <Card title={t('settings.sections.roles')} extra={<Button onClick={() => setEditing({ id: null, initial: { permissions: ['customers.read'] } })}>{t('settings.add_role')}</Button>}>
      <p className="quiet">{t('settings.roles_text')}</p>
      <Answer query={query}>
        {({ items }) => (
          <DataTable
            caption={t('settings.sections.roles')}
            rows={items}
            rowKey={(role) => role.id}
            columns={[
              {
                key: 'name',
                title: t('settings.role'),
                render: (role) => (
                  <span className="nowrap">
                    {nameOf(role)} {role.built_in && <span className="tag">{t('settings.built_in')}</span>}
                  </span>
                ),
              },
              { key: 'users', title: t('settings.users_count'), number: true, render: (role) => role.users },
              {
                key: 'permissions',
                title: t('settings.permissions'),
                render: (role) => <span className="small quiet">{role.permissions.map(permissionName).join(t('shell.list_comma'))}</span>,
              },
              {
                key: 'actions',
                title: t('shell.actions'),
                render: (role) => (
                  <span className="row tight">
                    {role.built_in ? (
                      <Button size="small" onClick={() => setEditing({ id: null, initial: { name: nameOf(role), permissions: role.permissions } })}>
                        {t('settings.copy_role')}
                      </Button>
                    ) : (
                      <>
                        <Button size="small" onClick={() => setEditing({ id: role.id, initial: role })}>
                          {t('shell.edit')}
                        </Button>
                        <Button size="small" disabled={role.users > 0} onClick={() => remove(role)}>
                          {t('shell.delete')}
                        </Button>
                      </>
                    )}
                  </span>
                ),
              },
            ]}
          />
        )}
      </Answer>
      {editing && (
        <FormModal<Fields> title={editing.id ? t('shell.edit') : t('settings.add_role')} width={620} initial={editing.initial} onSubmit={submit} onClose={() => setEditing(null)}>
          <Form.Item name="name" label={t('settings.role')} rules={[{ required: true, whitespace: true }]}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="permissions" label={t('settings.permissions')} rules={[{ required: true }]}>
            <Checkbox.Group className="column-choice wide" options={kPermissions.map((one) => ({ value: one, label: permissionName(one) }))} />
          </Form.Item>
        </FormModal>
      )}
    </Card>
  );
}
