// A new password, with what the server thinks of its strength while it is typed.
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

import { hooks } from '../../api/client';
import { useDebounced } from '../../debounced';

export function PasswordField({ name, label }: { name: string; label: string }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Record<string, string>>();
  const password = useDebounced(Form.useWatch(name, form) ?? '', 250);
  const { data } = hooks.useQuery('post', '/password-strength', { body: { password } }, {
    enabled: password.length > 0,
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <>
      <Form.Item
        name={name}
        label={label}
        rules={[{ required: true, message: t('access.required') }]}
        extra={
          password && data ? (
            <span className="row" role="status">
              <meter min={0} max={4} low={2} high={3} optimum={4} value={data.score} aria-label={t('shell.password_strength')} />
              {t(`access.strength.${data.score}`)}
              {data.warning ? ` · ${data.warning}` : ''}
            </span>
          ) : undefined
        }
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name={`${name}_again`}
        label={t('access.password_again')}
        dependencies={[name]}
        rules={[
          { required: true, message: t('access.required') },
          ({ getFieldValue }) => ({
            validator: (_, value: string) =>
              !value || value === getFieldValue(name) ? Promise.resolve() : Promise.reject(new Error(t('access.password_differs'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
