// All exports: who asked and what for; a colleague approves the large ones; finished files are fetched here.
import './words';

import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useActor } from '../../actor';
import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import { DataTable } from '../../data_table';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { Pager, usePages } from '../../pager';
import { apiBase } from '../../place';
import { saveUrl } from '../../save_file';
import { useSession } from '../../session';
import { Answer, Empty } from '../../states';
import { AskReason } from '../../ask_reason';
import { DataPage } from './data_tabs';

import '../customers/words';

export function ExportsPage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const formats = useFormats();
  const nameOf = useActor();
  const client = useQueryClient();
  const { session, may } = useSession();
  const mayApprove = may('exports.approve');
  const me = `user:${session.user?.name ?? ''}`;
  const pages = usePages('exports');
  const [rejecting, setRejecting] = useState<number | null>(null);
  const query = hooks.useQuery('get', '/exports', { params: { query: pages.cursor ? { cursor: pages.cursor } : {} } }, {
    refetchInterval: ({ state }) => (state.data?.items.some((one) => ['running', 'approved'].includes(one.state)) ? 1500 : false),
  });

  const approve = async (id: number) => {
    try {
      await api.POST('/exports/{id}/approve', { params: { path: { id } }, body: {} });
      await client.invalidateQueries();
    } catch (problem) {
      message.error(asProblem(problem).detail);
    }
  };
  const reject = async (id: number, { reason }: { reason: string }) => {
    await api.POST('/exports/{id}/reject', { params: { path: { id } }, body: { reason } });
    await client.invalidateQueries();
  };

  return (
    <DataPage title={t('data.exports_title')} subtitle={t('data.exports_text')}>
      <Card>
        <Answer query={query}>
          {(data) =>
            data.items.length === 0 ? (
              <Empty title={t('data.exports_empty')} />
            ) : (
              <>
                <DataTable
                  caption={t('data.exports_title')}
                  rows={data.items}
                  rowKey={(one) => one.id}
                  columns={[
                    {
                      key: 'reason',
                      title: t('data.reason'),
                      render: (one) => (
                        <>
                          {one.reason}
                          <div className="code quiet small">{one.where}</div>
                        </>
                      ),
                    },
                    { key: 'state', title: t('data.state'), render: (one) => <span className={`tag ${one.state === 'done' ? 'good' : one.state === 'awaiting_approval' ? 'warn' : ''}`}>{t(`data.export_state.${one.state}`)}</span> },
                    { key: 'rows', title: t('data.rows'), number: true, render: (one) => formats.number(one.rows) },
                    { key: 'format', title: t('data.format'), render: (one) => one.format.toUpperCase() },
                    { key: 'asked_by', title: t('data.asked_by'), render: (one) => t('data.by', { who: nameOf(one.asked_by), when: formats.time(one.asked_at) }) },
                    {
                      key: 'decided_by',
                      title: t('data.decided_by'),
                      render: (one) => (
                        <>
                          {one.decided_by && nameOf(one.decided_by)}
                          {one.decision_reason && <div className="quiet small">{one.decision_reason}</div>}
                        </>
                      ),
                    },
                    {
                      key: 'actions',
                      title: t('shell.actions'),
                      render: (one) => (
                        <span className="row tight">
                          {one.has_file && (
                            <Button size="small" onClick={() => saveUrl(`customers-${one.id}.${one.format}`, `${apiBase}/exports/${one.id}/file`)}>
                              {t('data.download')}
                            </Button>
                          )}
                          {one.state === 'awaiting_approval' && one.asked_by === me && <span className="quiet small">{t('data.other_approves')}</span>}
                          {mayApprove && one.state === 'awaiting_approval' && one.asked_by !== me && (
                            <>
                              <Button size="small" type="primary" onClick={() => void approve(one.id)}>
                                {t('data.approve')}
                              </Button>
                              <Button size="small" onClick={() => setRejecting(one.id)}>
                                {t('data.reject')}
                              </Button>
                            </>
                          )}
                        </span>
                      ),
                    },
                  ]}
                />
                <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
              </>
            )
          }
        </Answer>
      </Card>
      {rejecting !== null && (
        <AskReason<{ reason: string }> title={t('data.reject')} text={t('data.reject_reason')} onSubmit={(fields) => reject(rejecting, fields)} onClose={() => setRejecting(null)} />
      )}
    </DataPage>
  );
}
