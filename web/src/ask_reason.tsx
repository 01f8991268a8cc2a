// A form in a window before something that is kept in the audit log: it asks for the reason, and whatever else is needed.
import { Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { FormModal } from './form_modal';

const kLongest = 500;

export function AskReason<T extends { reason: string }>({
  title,
  children,
  ...rest
}: {
  title: string;
  text: string;
  danger?: boolean;
  children?: ReactNode;
  initial?: Partial<T>;
  onSubmit: (fields: T) => Promise<void>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <FormModal<T> title={title} okText={title} {...rest}>
      {children}
      <Form.Item name="reason" label={t('shell.reason')} rules={[{ required: true, whitespace: true, message: t('shell.reason_required') }]}>
        <Input maxLength={kLongest} />
      </Form.Item>
    </FormModal>
  );
}
