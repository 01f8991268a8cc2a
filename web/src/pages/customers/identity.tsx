// Who was united into this customer and why; uniting with another, and taking apart again.
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useActor } from '../../actor';
import { api } from '../../api/client';
import { CustomerPicker } from '../../customer_picker';
import { useFormats } from '../../format';
import { useMay } from '../../session';
import { AskReason } from '../../ask_reason';
import type { Customer } from './customer_page';

export function Identity({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const formats = useFormats();
  const nameOf = useActor();
  const client = useQueryClient();
  const may = useMay('identities.manage');
  const [open, setOpen] = useState<{ merge: true } | { split: number } | null>(null);
  const path = { id: customer.id };

  const merge = async ({ other, reason }: { other: number; reason: string }) => {
    await api.POST('/customers/{id}/merge', { params: { path }, body: { other, reason } });
    await client.invalidateQueries();
    message.success(t('customers.merged'));
  };
  const split = async (merge_id: number, { reason }: { reason: string }) => {
    await api.POST('/customers/{id}/split', { params: { path }, body: { merge_id, reason } });
    await client.invalidateQueries();
    message.success(t('customers.splitted'));
  };

  return (
    <div className="stack">
      <h3>{t('customers.merged_from')}</h3>
      {customer.merged_from.length === 0 ? (
        <p className="quiet">{t('customers.merged_none')}</p>
      ) : (
        <ul className="lines">
          {customer.merged_from.map((one) => (
            <li key={one.id} className="row">
              <span className="grow">
                #{one.merged_id}{' '}
                <span className="quiet">
                  {one.by_identifier ? `${t('customers.by_identifier')} · ` : ''}
                  {t('customers.merged_by', { who: nameOf(one.actor), when: formats.time(one.at) })}
                </span>
              </span>
              {may && (
                <Button size="small" onClick={() => setOpen({ split: one.id })}>
                  {t('customers.split')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {may && (
        <div>
          <Button onClick={() => setOpen({ merge: true })}>{t('customers.merge')}</Button>
        </div>
      )}
      {open && 'merge' in open && (
        <AskReason<{ other: number; reason: string }> title={t('customers.merge')} text={t('customers.merge_text')} onSubmit={merge} onClose={() => setOpen(null)}>
          <Form.Item name="other" label={t('customers.merge_other')} rules={[{ required: true, message: t('customers.merge_other_required') }]}>
            <CustomerPicker except={customer.id} />
          </Form.Item>
        </AskReason>
      )}
      {open && 'split' in open && (
        <AskReason<{ reason: string }> title={t('customers.split')} text={t('customers.split_text')} onSubmit={(fields) => split(open.split, fields)} onClose={() => setOpen(null)} />
      )}
    </div>
  );
}
