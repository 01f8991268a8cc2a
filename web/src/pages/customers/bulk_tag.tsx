// Tagging many: how many it changes is said before, and it can be taken back after.
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import { Failed } from '../../states';
import { TagSelect } from '../../tag_select';

export function BulkTag({ ids, where, onClose }: { ids: number[]; where: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { message, notification } = App.useApp();
  const client = useQueryClient();
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const whom = ids.length > 0 ? { ids } : { where: where || 'all customers' };
  const isEmpty = add.length + remove.length === 0;
  const preview = hooks.useQuery('post', '/customers/bulk-tag', { body: { ...whom, add, remove, dry_run: true } }, {
    enabled: !isEmpty,
    gcTime: 0,
  });

  const undo = async (token: string) => {
    try {
      await api.POST('/customers/bulk-tag/undo', { body: { undo: token } });
      await client.invalidateQueries();
      notification.destroy('bulk-tag');
      message.success(t('customers.tag_undone'));
    } catch (problem) {
      message.error(asProblem(problem).detail);
    }
  };
  const apply = async () => {
    setBusy(true);
    try {
      const { data } = await api.POST('/customers/bulk-tag', { body: { ...whom, add, remove, dry_run: false } });
      await client.invalidateQueries();
      const token = data?.undo;
      notification.success({
        key: 'bulk-tag',
        title: t('customers.tag_done', { count: data?.changed ?? 0 }),
        duration: 20,
        ...(token
          ? {
              actions: (
                <Button size="small" onClick={() => void undo(token)}>
                  {t('shell.undo')}
                </Button>
              ),
            }
          : {}),
      });
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };

  return (
    <Modal
      open
      title={t('customers.tag_title')}
      okText={t('customers.tag_apply')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: isEmpty || (preview.data?.changed ?? 0) === 0 }}
      confirmLoading={busy}
      onOk={() => void apply()}
      onCancel={onClose}
    >
      <p>
        {ids.length > 0 ? t('customers.tag_chosen', { count: ids.length }) : where ? t('customers.tag_filtered') : t('customers.tag_all')}
        {ids.length === 0 && where && <span className="code quiet"> {where}</span>}
      </p>
      <Form layout="vertical">
        <Form.Item label={t('customers.tag_add')} htmlFor="bulk-add">
          <TagSelect id="bulk-add" value={add} onChange={setAdd} />
        </Form.Item>
        <Form.Item label={t('customers.tag_remove')} htmlFor="bulk-remove">
          <TagSelect id="bulk-remove" value={remove} onChange={setRemove} onlyKnown />
        </Form.Item>
      </Form>
      {!isEmpty && preview.data && <p role="status">{t('customers.tag_preview', { count: preview.data.changed })}</p>}
      {(error ?? preview.error) !== null && <Failed error={error ?? preview.error} />}
    </Modal>
  );
}
