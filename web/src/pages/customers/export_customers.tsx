// A file of customers: what for is asked, large ones wait for a colleague's approval, and the job is followed here.
import '../../shell/customer_words';

import { Button, Checkbox, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api, hooks } from '../../api/client';
import type { components, operations } from '../../api/schema';
import { useCount } from '../../audience_count';
import type { ColumnKey } from '../../customer_columns';
import { useFormats } from '../../format';
import { useJob } from '../../jobs/follow';
import { JobBar } from '../../jobs/job_bar';
import { useMay } from '../../session';
import { Failed } from '../../states';

type Body = operations['export_customers']['requestBody']['content']['application/json'];
type ExportColumn = Body['columns'][number];

const kApprovalSetting = 'export_approval_rows';
const kColumns: ExportColumn[] = [
  'id', 'external_id', 'name', 'phone', 'email', 'gender', 'birthday', 'province', 'city', 'district', 'shop', 'tier',
  'lifecycle', 'rfm_class', 'order_count', 'total_spent', 'avg_order_value', 'first_order_at', 'last_order_at', 'tags',
];

interface Fields {
  columns: ExportColumn[];
  format: 'csv' | 'xlsx';
  reason: string;
}

export function ExportCustomers({ where, columns, onClose }: { where: string; columns: ColumnKey[]; onClose: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = useNavigate();
  const [form] = Form.useForm<Fields>();
  const [error, setError] = useState<unknown>(null);
  const [started, setStarted] = useState<components['schemas']['job'] | null>(null);
  const job = useJob(started?.id ?? null);
  const shown = job.data ?? started;

  const [busy, setBusy] = useState(false);
  const count = useCount(where, 0).data?.count;
  const mayRead = useMay('settings.read');
  const settings = hooks.useQuery('get', '/settings', {}, { enabled: mayRead });
  const limit = Number(settings.data?.items.find((one) => one.name === kApprovalSetting)?.value ?? Infinity);

  const submit = async (fields: Fields) => {
    setBusy(true);
    try {
      setError(null);
      const { data } = await api.POST('/customers/export', { body: { where, ...fields } });
      setStarted(data?.job ?? null);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open
      title={t('customers.export_title')}
      onCancel={onClose}
      footer={
        shown ? (
          <Button type="primary" onClick={() => void navigate('/data/exports')}>
            {t('customers.export_list')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('shell.cancel')}</Button>
            <Button type="primary" loading={busy} disabled={count === 0} onClick={() => form.submit()}>
              {t('customers.export_start')}
            </Button>
          </>
        )
      }
    >
      {shown ? (
        <div className="stack">
          <p>
            {shown.state === 'awaiting_approval'
              ? t('customers.export_waiting')
              : shown.state === 'done'
                ? t('customers.export_done')
                : t('customers.export_started')}
          </p>
          <JobBar job={shown} />
        </div>
      ) : (
        <Form
          form={form}
          layout="vertical"
          initialValues={{
            columns: kColumns.filter((key) => key === 'id' || (columns as string[]).includes(key)),
            format: 'xlsx',
            reason: '',
          }}
          onFinish={(fields) => void submit(fields)}
        >
          <p role="status">
            {count !== undefined && t('customers.export_count', { count })}{' '}
            {count !== undefined && count > limit && <strong>{t('customers.export_needs_approval', { limit: formats.number(limit) })}</strong>}
          </p>
          {where !== 'all customers' && <p className="code quiet clamp">{where}</p>}
          <Form.Item name="columns" label={t('customers.export_columns')} rules={[{ required: true }]}>
            <Checkbox.Group options={kColumns.map((key) => ({ value: key, label: t(`customer.field.${key}`) }))} />
          </Form.Item>
          <Form.Item name="format" label={t('customers.export_format')}>
            <Radio.Group
              options={[
                { value: 'xlsx', label: 'XLSX' },
                { value: 'csv', label: 'CSV' },
              ]}
            />
          </Form.Item>
          <Form.Item name="reason" label={t('customers.export_reason')} rules={[{ required: true, whitespace: true, message: t('shell.reason_required') }]}>
            <Input maxLength={500} />
          </Form.Item>
          {error !== null && <Failed error={error} />}
        </Form>
      )}
    </Modal>
  );
}
