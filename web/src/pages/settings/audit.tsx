import './audit_words';

import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useActor } from '../../actor';
import { api, hooks } from '../../api/client';
import { DataTable } from '../../data_table';
import { DayInput } from '../../day_input';
import { useDebounced } from '../../debounced';
import { useFormats } from '../../format';
import { Card } from '../../page';
import { Pager, usePages } from '../../pager';
import { Answer, Empty } from '../../states';
import { useAttempt } from './attempt';
import { kAuditActions } from './audit_words';

interface Verdict {
  ok: boolean;
  checked: number;
  first_broken: number | null;
  detail: string;
}

export function Audit() {
  const { t } = useTranslation();
  const formats = useFormats();
  const attempt = useAttempt();
  const nameOf = useActor();
  const subjectOf = (subject: string) => subject.replace(/^[a-z_]+(?= )/, (kind) => t(`audit.of.${kind}`, { defaultValue: kind }));
  const wordsOf = (one: string) => t(`audit.${one.replace('.', '_')}`, { defaultValue: one });
  const [actor, setActor] = useState('');
  const [action, setAction] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const filters = useDebounced(JSON.stringify({ actor: actor === '' || actor.includes(':') ? actor : `user:${actor}`, action, from, to }), 200);
  const pages = usePages(filters);
  const given = Object.fromEntries(Object.entries(JSON.parse(filters) as Record<string, string>).filter(([, value]) => value !== ''));
  const query = hooks.useQuery('get', '/audit', { params: { query: { ...given, ...(pages.cursor ? { cursor: pages.cursor } : {}) } } }, {
    placeholderData: (before) => before,
  });
  const verify = () => attempt(async () => setVerdict((await api.POST('/audit/verify', {})).data ?? null));

  return (
    <Card title={t('settings.sections.audit')} extra={<Button onClick={() => void verify()}>{t('settings.verify')}</Button>}>
      <div className="stack">
        <p className="quiet">{t('settings.audit_text')}</p>
        {verdict && (
          <div className={verdict.ok ? 'notice info' : 'notice error'} role="status">
            {verdict.ok
              ? t('settings.verified', { count: verdict.checked })
              : t('settings.broken', { id: verdict.first_broken, detail: verdict.detail })}
          </div>
        )}
        <div className="row">
          <Input aria-label={t('settings.actor')} placeholder={t('settings.actor')} allowClear value={actor} onChange={(event) => setActor(event.target.value)} style={{ width: 160 }} />
          <Select
            aria-label={t('settings.action')}
            placeholder={t('settings.action')}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            value={action || null}
            onChange={(chosen: string | null) => setAction(chosen ?? '')}
            options={kAuditActions.map((one) => ({ value: one, label: wordsOf(one) }))}
            style={{ width: 190 }}
          />
          <DayInput label={t('settings.from_day')} value={from} onChange={setFrom} clearable />
          <DayInput label={t('settings.to_day')} value={to} onChange={setTo} clearable />
        </div>
        <Answer query={query} rows={8}>
          {(data) =>
            data.items.length === 0 ? (
              <Empty title={t('settings.audit_empty')} />
            ) : (
              <>
                <DataTable
                  caption={t('settings.sections.audit')}
                  rows={data.items}
                  rowKey={(one) => one.id}
                  columns={[
                    { key: 'at', title: t('settings.at'), render: (one) => <span className="nowrap">{formats.time(one.at)}</span> },
                    { key: 'actor', title: t('settings.actor'), render: (one) => (one.actor === 'setup' ? t('audit.setup') : nameOf(one.actor)) },
                    { key: 'action', title: t('settings.action'), render: (one) => <span title={one.action}>{wordsOf(one.action)}</span> },
                    { key: 'subject', title: t('settings.subject'), render: (one) => subjectOf(one.subject) },
                    { key: 'detail', title: t('settings.detail'), render: (one) => one.detail && <span className="quiet small">{one.detail}</span> },
                  ]}
                />
                <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
              </>
            )
          }
        </Answer>
      </div>
    </Card>
  );
}
