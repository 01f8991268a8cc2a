// Saving: a new segment by name, or the next version of one; the words of the server stand beside the form if it will not.
import './words';

import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client';
import type { components } from '../../api/schema';
import { Failed } from '../../states';

export type Segment = components['schemas']['segment'];

interface Fields {
  name: string;
  description: string;
}

export async function etagOf(id: number): Promise<string> {
  const { response } = await api.GET('/segments/{id}', { params: { path: { id } } });
  return response.headers.get('ETag') ?? '';
}

export function SaveSegment({
  expression,
  segment,
  onSaved,
  onClose,
}: {
  expression: string;
  segment?: { data: Segment; etag: string } | undefined;
  onSaved: (segment: Segment) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async ({ name, description }: Fields) => {
    setBusy(true);
    setError(null);
    const body = { name: name.trim(), description: description ?? '', expression };
    try {
      const { data } = segment
        ? await api.PUT('/segments/{id}', { params: { path: { id: segment.data.id }, header: { 'If-Match': segment.etag } }, body })
        : await api.POST('/segments', { body });
      await client.invalidateQueries();
      message.success(t('shell.saved'));
      if (data) onSaved(data);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Modal
      open
      title={segment ? t('segments.save_version') : t('segments.save_as')}
      okText={t('segments.save')}
      cancelText={t('shell.cancel')}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: segment?.data.name ?? '', description: segment?.data.description ?? '' }}
        onFinish={(fields) => void submit(fields)}
      >
        <Form.Item name="name" label={t('segments.name')} rules={[{ required: true, whitespace: true, message: t('segments.name_required') }]}>
          <Input autoFocus maxLength={200} />
        </Form.Item>
        <Form.Item name="description" label={t('segments.description')}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
      </Form>
      <p className="code quiet">{expression}</p>
      {error !== null && <Failed error={error} />}
    </Modal>
  );
}
