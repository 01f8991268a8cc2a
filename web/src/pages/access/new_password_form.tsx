// The first account of a new installation, or a new password by the administrator's one-time link.
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client';
import { basePath } from '../../place';
import { Failed } from '../../states';
import { PasswordField } from './password_field';

interface Fields {
  name: string;
  display_name: string;
  password: string;
}

export function NewPasswordForm({ kind, token }: { kind: 'setup' | 'reset'; token: string }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async ({ name, display_name, password }: Fields) => {
    setBusy(true);
    setError(null);
    try {
      if (kind === 'setup') {
        const { data } = await api.POST('/setup', { body: { token, name, display_name, password } });
        if (!data?.signed_in) await api.POST('/session', { body: { name, password } });
      } else {
        // The same link and operation; of an account that exists only the password is new.
        await api.POST('/setup', { body: { token, name: '-', display_name: '-', password } });
      }
      window.history.replaceState(null, '', `${basePath}/`);
      window.location.reload();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  const required = [{ required: true, message: t('access.required') }];
  return (
    <Form layout="vertical" onFinish={(fields: Fields) => void submit(fields)} requiredMark={false}>
      {kind === 'setup' && (
        <>
          <Form.Item name="name" label={t('access.name')} rules={required}>
            <Input autoFocus autoComplete="username" />
          </Form.Item>
          <Form.Item name="display_name" label={t('access.display_name')} rules={required}>
            <Input autoComplete="name" />
          </Form.Item>
        </>
      )}
      <PasswordField name="password" label={t('access.password')} />
      {error !== null && <Failed error={error} />}
      <Button type="primary" htmlType="submit" block loading={busy} style={{ marginTop: 12 }}>
        {kind === 'setup' ? t('access.create') : t('access.reset')}
      </Button>
    </Form>
  );
}
