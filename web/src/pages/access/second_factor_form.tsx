import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';

import { api } from '../../api/client';
import { Failed } from '../../states';

export function SecondFactorForm({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async ({ code }: { code: string }) => {
    setBusy(true);
    setError(null);
    try {
      await api.POST('/session/second-factor', { body: { code: code.replace(/\s/g, '') } });
      await client.refetchQueries({ queryKey: ['get', '/session'] });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form layout="vertical" onFinish={(body: { code: string }) => void submit(body)} requiredMark={false}>
      <Form.Item name="code" label={t('access.code')} rules={[{ required: true, message: t('access.required') }]}>
        <Input autoFocus autoComplete="one-time-code" inputMode="numeric" />
      </Form.Item>
      {error !== null && <Failed error={error} />}
      <div className="row" style={{ marginTop: 12 }}>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t('access.continue')}
        </Button>
        <Button onClick={onBack}>{t('access.other_account')}</Button>
      </div>
    </Form>
  );
}
