// A small form before something that is kept in the audit log: it asks for the reason, and whatever else is needed.
import { Form, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Failed } from '../../states';

export function AskReason<T extends { reason: string }>({
  title,
  text,
  danger = false,
  children,
  initial,
  onSubmit,
  onClose,
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
  const [form] = Form.useForm<T>();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (fields: T) => {
    setBusy(true);
    setError(null);
    try {
      await onSubmit(fields);
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={title}
      okText={title}
      cancelText={t('shell.cancel')}
      okButtonProps={{ danger }}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p className="quiet">{text}</p>
      <Form form={form} layout="vertical" initialValues={initial as object} onFinish={(fields) => void submit(fields)}>
        {children}
        <Form.Item name="reason" label={t('customers.reason')} rules={[{ required: true, whitespace: true, message: t('customers.reason_required') }]}>
          <Input maxLength={500} />
        </Form.Item>
      </Form>
      {error !== null && <Failed error={error} />}
    </Modal>
  );
}
