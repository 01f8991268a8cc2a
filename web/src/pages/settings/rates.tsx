import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { useMay } from '../../session';
import { Answer, Empty } from '../../states';
import { currencies } from '../../zones';
import { FormModal } from '../../form_modal';

interface Fields {
  from: string;
  day: string;
  rate: string;
}

export function Rates() {
  const { t } = useTranslation();
  const formats = useFormats();
  const may = useMay('settings.write');
  const [open, setOpen] = useState(false);
  const query = hooks.useQuery('get', '/exchange-rates');
  return (
    <Card extra={may && <Button onClick={() => setOpen(true)}>{t('settings.add_rate')}</Button>} title={t('settings.sections.exchange-rates')}>
      <p className="quiet">{t('settings.rates_text')}</p>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('settings.rates_empty')} />
          ) : (
            <DataTable
              caption={t('settings.sections.exchange-rates')}
              rows={items}
              rowKey={(one) => `${one.from}${one.day}`}
              columns={[
                { key: 'from', title: t('settings.from'), render: (one) => one.from },
                { key: 'to', title: t('settings.to'), render: (one) => one.to },
                { key: 'day', title: t('settings.day'), render: (one) => formats.day(one.day) },
                { key: 'rate', title: t('settings.rate'), number: true, render: (one) => one.rate },
              ]}
            />
          )
        }
      </Answer>
      {open && (
        <FormModal<Fields>
          title={t('settings.add_rate')}
          initial={{ day: formats.today() }}
          onSubmit={(body) => api.POST('/exchange-rates', { body })}
          onClose={() => setOpen(false)}
        >
          <Form.Item name="from" label={t('settings.from')} rules={[{ required: true }]}>
            <Select showSearch options={currencies().map((one) => ({ value: one, label: one }))} />
          </Form.Item>
          <Form.Item name="day" label={t('settings.day')} rules={[{ required: true }]}>
            <Input type="date" />
          </Form.Item>
          <Form.Item name="rate" label={t('settings.rate')} rules={[{ required: true, pattern: /^\d+(\.\d+)?$/ }]}>
            <Input inputMode="decimal" />
          </Form.Item>
        </FormModal>
      )}
    </Card>
  );
}
