import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';

import { api } from '../../api/client';
import { Failed } from '../../states';

export function SignInForm({ onSecondFactor }: { onSecondFactor: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (body: { name: string; password: string }) => {
    setBusy(true);
    setError(null);
    try {
      const { data } = await api.POST('/session', { body });
      if (data?.needs_second_factor) onSecondFactor();
      else {
        await client.refetchQueries({ queryKey: ['get', '/session'] });
      }
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form layout="vertical" onFinish={(body: { name: string; password: string }) => void submit(body)} requiredMark={false}>
      <Form.Item name="name" label={t('access.name')} rules={[{ required: true, message: t('access.required') }]}>
        <Input autoFocus autoComplete="username" />
      </Form.Item>
      <Form.Item name="password" label={t('access.password')} rules={[{ required: true, message: t('access.required') }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {error !== null && <Failed error={error} />}
      <Button type="primary" htmlType="submit" block loading={busy} style={{ marginTop: 12 }}>
        {t('access.sign_in')}
      </Button>
    </Form>
  );
}
