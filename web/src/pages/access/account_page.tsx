// One's own account: name and language, password, second step, and what one may do.
import './words';
import '../settings/words';

import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client';
import { setLanguage, type Language } from '../../i18n';
import { Card, Page } from '../../page';
import { useSession } from '../../session';
import { Failed } from '../../states';
import { usePermissionName } from '../settings/permissions';
import { useRoleName } from '../settings/role_name';
import { PasswordField } from './password_field';
import { TotpCard } from './totp_card';

function ProfileCard() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const nameOf = useRoleName();
  const { session, refresh } = useSession();
  const [error, setError] = useState<unknown>(null);
  const submit = async (body: { display_name: string; language: Language }) => {
    try {
      setError(null);
      await api.PATCH('/me', { body });
      setLanguage(body.language);
      await refresh();
      message.success(t('shell.saved'));
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Card title={t('access.profile')}>
      <Form
        layout="vertical"
        initialValues={{ display_name: session.user?.display_name, language: session.user?.language ?? 'zh-CN' }}
        onFinish={(body: { display_name: string; language: Language }) => void submit(body)}
      >
        <Form.Item label={t('access.name')}>
          <span>{session.user?.name}</span>
        </Form.Item>
        <Form.Item label={t('access.role')}>
          <span>{nameOf({ key: session.user?.role ?? '', name: session.user?.role ?? '' })}</span>
        </Form.Item>
        <Form.Item name="display_name" label={t('access.display_name')}>
          <Input autoComplete="name" />
        </Form.Item>
        <Form.Item name="language" label={t('shell.language')}>
          <Select
            options={[
              { value: 'zh-CN', label: '中文' },
              { value: 'en', label: 'English' },
            ]}
          />
        </Form.Item>
        {error !== null && <Failed error={error} />}
        <Button type="primary" htmlType="submit">
          {t('shell.save')}
        </Button>
      </Form>
    </Card>
  );
}

function PasswordCard() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ old: string; password: string }>();
  const [error, setError] = useState<unknown>(null);
  const submit = async (fields: { old: string; password: string }) => {
    try {
      setError(null);
      await api.POST('/session/password', { body: { old: fields.old, new: fields.password } });
      form.resetFields();
      message.success(t('access.password_changed'));
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Card title={t('access.change_password')}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(fields) => void submit(fields)}>
        <Form.Item name="old" label={t('access.old_password')} rules={[{ required: true, message: t('access.required') }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <PasswordField name="password" label={t('access.new_password')} />
        {error !== null && <Failed error={error} />}
        <Button type="primary" htmlType="submit">
          {t('access.change_password')}
        </Button>
      </Form>
    </Card>
  );
}

export function AccountPage() {
  const { t } = useTranslation();
  const { session } = useSession();
  const permissionName = usePermissionName();
  return (
    <Page title={t('shell.account')} subtitle={session.user?.display_name}>
      <div className="grid">
        <div className="span-4 stack">
          <ProfileCard />
        </div>
        <div className="span-4 stack">
          <PasswordCard />
        </div>
        <div className="span-4 stack">
          <TotpCard />
        </div>
        <Card className="span-12" title={t('access.permissions')}>
          <div className="row tight">
            {session.user?.permissions.map((one) => (
              <span key={one} className="tag">{permissionName(one)}</span>
            ))}
          </div>
        </Card>
      </div>
    </Page>
  );
}
