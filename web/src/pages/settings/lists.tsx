import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api, hooks } from '../../api/client';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { useMay } from '../../session';
import { Answer, Empty } from '../../states';
import { useAttempt } from './attempt';
import { FormModal } from '../../form_modal';

interface Fields {
  name: string;
  description?: string;
  identifiers: string;
}

export function Lists() {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const formats = useFormats();
  const may = useMay('lists.write');
  const attempt = useAttempt();
  const [open, setOpen] = useState(false);
  const query = hooks.useQuery('get', '/lists');
  const remove = (id: number, name: string) =>
    void modal.confirm({
      title: t('settings.delete_list', { name }),
      okText: t('shell.delete'),
      okButtonProps: { danger: true },
      cancelText: t('shell.cancel'),
      onOk: () => attempt(() => api.DELETE('/lists/{id}', { params: { path: { id } } })),
    });
  const add = async ({ name, description, identifiers }: Fields) => {
    const { data } = await api.POST('/lists', { body: { name: name.trim(), identifiers, description: description ?? '' } });
    if (data) message.success(t('settings.list_added', { named: formats.number(data.named), unknown: formats.number(data.unknown) }));
  };
  return (
    <Card title={t('settings.sections.lists')} extra={may && <Button onClick={() => setOpen(true)}>{t('settings.add_list')}</Button>}>
      <p className="quiet">{t('settings.lists_text')}</p>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('settings.lists_empty')} />
          ) : (
            <DataTable
              caption={t('settings.sections.lists')}
              rows={items}
              rowKey={(one) => one.id}
              columns={[
                {
                  key: 'name',
                  title: t('settings.list'),
                  render: (one) => (
                    <>
                      <Link to={`/customers?where=${encodeURIComponent(`list("${one.name}")`)}`}>{one.name}</Link>
                      <div className="quiet small">{one.description}</div>
                    </>
                  ),
                },
                { key: 'members', title: t('settings.members'), number: true, render: (one) => formats.number(one.members) },
                { key: 'unknowns', title: t('settings.unknowns'), number: true, render: (one) => formats.number(one.unknowns) },
                { key: 'created_at', title: t('settings.at'), render: (one) => formats.date(one.created_at) },
                {
                  key: 'actions',
                  title: t('shell.actions'),
                  render: (one) =>
                    may && (
                      <Button size="small" onClick={() => remove(one.id, one.name)}>
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
        <FormModal<Fields> title={t('settings.add_list')} onSubmit={add} onClose={() => setOpen(false)}>
          <Form.Item name="name" label={t('settings.list')} rules={[{ required: true, whitespace: true }]}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="description" label={t('settings.detail')}>
            <Input maxLength={500} />
          </Form.Item>
          <Form.Item name="identifiers" label={t('settings.identifiers')} rules={[{ required: true, whitespace: true }]}>
            <Input.TextArea className="code" rows={5} />
          </Form.Item>
        </FormModal>
      )}
    </Card>
  );
}
