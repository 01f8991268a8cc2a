// The second step of signing in: on with an authenticator app, off with the password.
import { App, Button, Form, Input, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client';
import { Card } from '../../page';
import { useSession } from '../../session';
import { Failed } from '../../states';

export function TotpCard() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { session, refresh } = useSession();
  const [begun, setBegun] = useState<{ secret: string; uri: string } | null>(null);
  const [codes, setCodes] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const enabled = session.user?.totp_enabled ?? false;

  const attempt = async (work: () => Promise<void>) => {
    try {
      setError(null);
      await work();
    } catch (problem) {
      setError(problem);
    }
  };
  const begin = () => attempt(async () => setBegun((await api.POST('/me/totp', {})).data ?? null));
  const confirm = ({ code }: { code: string }) =>
    attempt(async () => {
      const { data } = await api.PUT('/me/totp', { body: { code } });
      setCodes(data?.recovery_codes ?? []);
      setBegun(null);
      await refresh();
    });
  const end = ({ password }: { password: string }) =>
    attempt(async () => {
      await api.DELETE('/me/totp', { body: { password } });
      setCodes([]);
      await refresh();
      message.success(t('shell.saved'));
    });

  return (
    <Card title={t('access.totp')}>
      <div className="stack">
        <p className="quiet">{enabled ? t('access.totp_on') : t('access.totp_off')}</p>
        {codes.length > 0 && (
          <div className="notice info">
            <div>
              <strong>{t('access.recovery')}</strong>
              <p>{t('access.recovery_text')}</p>
              <Typography.Paragraph copyable={{ text: codes.join('\n') }} className="code">
                {codes.join('\n')}
              </Typography.Paragraph>
            </div>
          </div>
        )}
        {!enabled && !begun && (
          <div>
            <Button onClick={() => void begin()}>{t('access.totp_begin')}</Button>
          </div>
        )}
        {begun && (
          <Form layout="vertical" onFinish={(fields: { code: string }) => void confirm(fields)} requiredMark={false}>
            <p>{t('access.totp_secret')}</p>
            <Typography.Paragraph copyable className="code">
              {begun.secret}
            </Typography.Paragraph>
            <p>
              <a href={begun.uri}>{t('access.totp_open')}</a>
            </p>
            <Form.Item name="code" label={t('access.code')} rules={[{ required: true, message: t('access.required') }]}>
              <Input inputMode="numeric" autoComplete="one-time-code" />
            </Form.Item>
            <Button type="primary" htmlType="submit">
              {t('access.totp_begin')}
            </Button>
          </Form>
        )}
        {enabled && (
          <Form layout="vertical" onFinish={(fields: { password: string }) => void end(fields)} requiredMark={false}>
            <Form.Item name="password" label={t('access.password')} rules={[{ required: true, message: t('access.required') }]}>
              <Input.Password autoComplete="current-password" />
            </Form.Item>
            <Button htmlType="submit" danger>
              {t('access.totp_end')}
            </Button>
          </Form>
        )}
        {error !== null && <Failed error={error} />}
      </div>
    </Card>
  );
}
