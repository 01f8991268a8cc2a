// All long work: what runs, what ended and how, with a way to stop what should not go on.
import './words';

import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useActor } from '../../actor';
import { hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { useFormats } from '../../format';
import { hasEnded } from '../../jobs/follow';
import { JobBar } from '../../jobs/job_bar';
import { Card } from '../../page';
import { Pager, usePages } from '../../pager';
import { Answer, Empty } from '../../states';
import { DataPage } from './data_tabs';

type State = components['schemas']['job']['state'];

const kStates: State[] = ['queued', 'running', 'awaiting_approval', 'done', 'failed', 'cancelled'];

export function JobsPage() {
  const { t } = useTranslation();
  const formats = useFormats();
  const nameOf = useActor();
  const [state, setState] = useState<State | null>(null);
  const pages = usePages(state ?? '');
  const query = hooks.useQuery('get', '/jobs', { params: { query: { ...(state ? { state } : {}), ...(pages.cursor ? { cursor: pages.cursor } : {}) } } }, {
    refetchInterval: (one) => (one.state.data?.items.some((job) => !hasEnded(job)) ? 1000 : 10_000),
  });
  return (
    <DataPage title={t('data.jobs_title')}>
      <Card>
        <div className="stack">
          <Select
            aria-label={t('data.state')}
            value={state}
            onChange={setState}
            style={{ width: 160 }}
            options={[{ value: null, label: t('data.all_states') }, ...kStates.map((one) => ({ value: one, label: t(`jobs.state.${one}`) }))]}
          />
          <Answer query={query}>
            {(data) =>
              data.items.length === 0 ? (
                <Empty title={t('data.jobs_empty')} />
              ) : (
                <>
                  <ul className="lines">
                    {data.items.map((job) => (
                      <li key={job.id}>
                        <JobBar job={job} />
                        <div className="quiet small">{t('data.by', { who: nameOf(job.created_by), when: formats.time(job.created_at) })}</div>
                      </li>
                    ))}
                  </ul>
                  <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
                </>
              )
            }
          </Answer>
        </div>
      </Card>
    </DataPage>
  );
}
