// What may be done with a customer's personal data: see it in clear, hand it out, erase it. Each asks for a reason.
import '../../shell/customer_words';

import { MoreOutlined } from '@ant-design/icons';
import { App, Button, Checkbox, Dropdown, Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';

import { api } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { components, operations } from '../../api/schema';
import { saveFile } from '../../save_file';
import { useSession } from '../../session';
import { AskReason } from '../../ask_reason';
import type { Customer } from './customer_page';

type Field = operations['reveal_customer']['requestBody']['content']['application/json']['fields'][number];

const kFields: Field[] = ['name', 'phone', 'email', 'street', 'postcode', 'birthday', 'external_id', 'identifiers'];

export function CustomerActions({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const { may } = useSession();
  const client = useQueryClient();
  const [open, setOpen] = useState<'reveal' | 'erase' | null>(null);
  const path = { id: customer.id };

  const show = ({ fields }: components['schemas']['revealed']) =>
    modal.info({
      title: t('customers.revealed'),
      width: 560,
      okText: t('shell.close'),
      content: (
        <dl className="pairs">
          {fields.map((one, at) => (
            <div key={at} className="pair">
              <dt>{one.field === 'identifiers' && one.kind ? t(`customer.kind.${one.kind}`, one.kind) : t(`customer.field.${one.field}`)}</dt>
              <dd className="code">{one.value}</dd>
            </div>
          ))}
        </dl>
      ),
    });
  const reveal = async (body: { fields: Field[]; reason: string }) => {
    const { data } = await api.POST('/customers/{id}/reveal', { params: { path }, body });
    if (data) show(data);
  };
  const erase = async ({ reason, confirm }: { reason: string; confirm: boolean }) => {
    await api.POST('/customers/{id}/erase', { params: { path }, body: { reason, confirm } });
    await client.invalidateQueries();
    message.success(t('customers.erased'));
  };
  const personalData = async () => {
    try {
      const { data } = await api.GET('/customers/{id}/personal-data', { params: { path } });
      saveFile(`customer-${customer.id}.json`, 'application/json', JSON.stringify(data, null, 2));
    } catch (problem) {
      message.error(asProblem(problem).detail);
    }
  };

  const items = [
    ...(may('customers.reveal') ? [{ key: 'data', label: t('customers.personal_data'), onClick: () => void personalData() }] : []),
    ...(may('customers.erase') ? [{ key: 'erase', label: t('customers.erase'), danger: true, onClick: () => setOpen('erase') }] : []),
  ];
  return (
    <>
      {may('customers.reveal') && <Button onClick={() => setOpen('reveal')}>{t('customers.reveal')}</Button>}
      {items.length > 0 && (
        <Dropdown trigger={['click']} menu={{ items }}>
          <Button icon={<MoreOutlined aria-hidden />} aria-label={t('customers.more_actions')} aria-haspopup="menu" />
        </Dropdown>
      )}
      {open === 'reveal' && (
        <AskReason<{ fields: Field[]; reason: string }>
          title={t('customers.reveal')}
          text={t('customers.reveal_text')}
          initial={{ fields: ['name', 'phone'] }}
          onSubmit={reveal}
          onClose={() => setOpen(null)}
        >
          <Form.Item name="fields" label={t('customers.reveal_fields')} rules={[{ required: true }]}>
            <Checkbox.Group options={kFields.map((key) => ({ value: key, label: t(`customer.field.${key}`) }))} />
          </Form.Item>
        </AskReason>
      )}
      {open === 'erase' && (
        <AskReason<{ confirm: boolean; reason: string }> danger title={t('customers.erase')} text={t('customers.erase_text')} onSubmit={erase} onClose={() => setOpen(null)}>
          <Form.Item
            name="confirm"
            valuePropName="checked"
            rules={[{ validator: (_, value) => (value ? Promise.resolve() : Promise.reject(new Error(t('customers.erase_confirm')))) }]}
          >
            <Checkbox>{t('customers.erase_confirm')}</Checkbox>
          </Form.Item>
        </AskReason>
      )}
    </>
  );
}
