import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { DataTable } from '../../data_table';
import { Card } from '../../page';
import { useMay } from '../../session';
import { Answer, Empty } from '../../states';
import { useAttempt } from './attempt';
import { FormModal } from '../../form_modal';

type Attribute = components['schemas']['custom_attribute'];

const kTypes: Attribute['type'][] = ['text', 'choice', 'number', 'money', 'date'];

export function Attributes() {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const may = useMay('settings.write');
  const attempt = useAttempt();
  const [open, setOpen] = useState(false);
  const query = hooks.useQuery('get', '/custom-attributes');
  const remove = (name: string) =>
    void modal.confirm({
      title: t('settings.delete_attribute', { name }),
      okText: t('shell.delete'),
      okButtonProps: { danger: true },
      cancelText: t('shell.cancel'),
      onOk: () => attempt(() => api.DELETE('/custom-attributes/{name}', { params: { path: { name } } })),
    });
  return (
    <Card title={t('settings.sections.attributes')} extra={may && <Button onClick={() => setOpen(true)}>{t('settings.add_attribute')}</Button>}>
      <p className="quiet">{t('settings.attributes_text')}</p>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('settings.attributes_empty')} />
          ) : (
            <DataTable
              caption={t('settings.sections.attributes')}
              rows={items}
              rowKey={(one) => one.name}
              columns={[
                { key: 'name', title: t('settings.attribute'), render: (one) => one.name },
                { key: 'type', title: t('settings.type'), render: (one) => t(`settings.types.${one.type}`) },
                { key: 'choices', title: t('settings.choices'), render: (one) => one.choices.join(t('shell.list_comma')) },
                {
                  key: 'actions',
                  title: t('shell.actions'),
                  render: (one) =>
                    may && (
                      <Button size="small" onClick={() => remove(one.name)}>
                        {t('shell.delete')}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Answer>
      {open && (
        <FormModal<Attribute>
          title={t('settings.add_attribute')}
          initial={{ type: 'text', choices: [] }}
          onSubmit={({ name, type, choices }) =>
            api.POST('/custom-attributes', { body: { name: name.trim(), type, ...(type === 'choice' ? { choices } : {}) } })
          }
          onClose={() => setOpen(false)}
        >
          <Form.Item name="name" label={t('settings.attribute')} rules={[{ required: true, whitespace: true }]}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="type" label={t('settings.type')}>
            <Select options={kTypes.map((one) => ({ value: one, label: t(`settings.types.${one}`) }))} />
          </Form.Item>
          <Form.Item noStyle shouldUpdate>
            {({ getFieldValue }) =>
              getFieldValue('type') === 'choice' && (
                <Form.Item name="choices" label={t('settings.choices')} rules={[{ required: true }]}>
                  <Select mode="tags" />
                </Form.Item>
              )
            }
          </Form.Item>
        </FormModal>
      )}
    </Card>
  );
}
