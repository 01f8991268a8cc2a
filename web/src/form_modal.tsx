// A form in a window: its fields come from the caller, what the server says against it stands below them.
import { Form, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';

import { Failed } from './states';

export function FormModal<T extends object>({
  title,
  text,
  okText,
  danger = false,
  initial,
  width,
  children,
  onSubmit,
  onClose,
}: {
  title: string;
  text?: ReactNode;
  okText?: string;
  danger?: boolean;
  initial?: Partial<T>;
  width?: number;
  children: ReactNode;
  onSubmit: (fields: T) => Promise<unknown>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form] = Form.useForm<T>();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (fields: T) => {
    setBusy(true);
    setError(null);
    try {
      await onSubmit(fields);
      await client.invalidateQueries();
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
      {...(width ? { width } : {})}
      okText={okText ?? t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ danger }}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {text && <p className="quiet form-text">{text}</p>}
      <Form form={form} layout="vertical" requiredMark={false} initialValues={initial ?? {}} onFinish={(fields) => void submit(fields)}>
        {children}
        {/* Enter in a field saves, as it does in any form of the browser's own. */}
        <button type="submit" hidden />
      </Form>
      {error !== null && <Failed error={error} />}
    </Modal>
  );
}
