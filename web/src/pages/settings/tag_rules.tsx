import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import { DataTable } from '../../data_table';
import { useDebounced } from '../../debounced';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { useMay } from '../../session';
import { Answer, Empty } from '../../states';
import { useAttempt } from './attempt';
import { FormModal } from '../../form_modal';

const kTypingMs = 300;

interface Fields {
  tag: string;
  expression: string;
}

// How many the rule would tag now, while it is typed; or what is wrong with it.
function RuleCount() {
  const { t } = useTranslation();
  const expression = useDebounced(Form.useWatch<string | undefined>('expression')?.trim() ?? '', kTypingMs);
  const query = hooks.useQuery('post', '/segments/count', { body: { expression } }, { enabled: expression !== '', retry: false });
  if (expression === '') return null;
  if (query.error) return <p className="delta-down small" role="alert">{asProblem(query.error).detail}</p>;
  return <p className="quiet" role="status">{query.data ? t('settings.rule_count', { count: query.data.count }) : '…'}</p>;
}

export function TagRules() {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const formats = useFormats();
  const may = useMay('tags.write');
  const attempt = useAttempt();
  const [open, setOpen] = useState(false);
  const query = hooks.useQuery('get', '/tag-rules');
  const apply = () =>
    attempt(async () => {
      const { data } = await api.POST('/tag-rules/apply', {});
      if (data) message.success(t('settings.rules_applied', { given: formats.number(data.given), taken: formats.number(data.taken) }));
    });
  const remove = (id: number, name: string) =>
    void modal.confirm({
      title: t('settings.delete_rule', { name }),
      okText: t('shell.delete'),
      okButtonProps: { danger: true },
      cancelText: t('shell.cancel'),
      onOk: () => attempt(() => api.DELETE('/tag-rules/{id}', { params: { path: { id } } })),
    });
  return (
    <Card
      title={t('settings.sections.tags')}
      extra={
        may && (
          <span className="row">
            <Button onClick={() => void apply()}>{t('settings.apply_rules')}</Button>
            <Button onClick={() => setOpen(true)}>{t('settings.add_rule')}</Button>
          </span>
        )
      }
    >
      <p className="quiet">{t('settings.rules_text')}</p>
      <Answer query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('settings.rules_empty')} />
          ) : (
            <DataTable
              caption={t('settings.sections.tags')}
              rows={items}
              rowKey={(one) => one.id}
              columns={[
                { key: 'tag', title: t('settings.tag'), render: (one) => <span className="tag">{one.tag}</span> },
                { key: 'expression', title: t('settings.expression'), render: (one) => <span className="code">{one.expression}</span> },
                { key: 'applied_at', title: t('settings.applied_at'), render: (one) => (one.applied_at ? formats.time(one.applied_at) : t('settings.never')) },
                {
                  key: 'actions',
                  title: t('shell.actions'),
                  render: (one) =>
                    may && (
                      <Button size="small" onClick={() => remove(one.id, one.tag)}>
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
        <FormModal<Fields> title={t('settings.add_rule')} onSubmit={(body) => api.POST('/tag-rules', { body })} onClose={() => setOpen(false)}>
          <Form.Item name="tag" label={t('settings.tag')} rules={[{ required: true, whitespace: true }]}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="expression" label={t('settings.expression')} rules={[{ required: true, whitespace: true }]}>
            <Input.TextArea className="code" rows={2} />
          </Form.Item>
          <RuleCount />
        </FormModal>
      )}
    </Card>
  );
}
