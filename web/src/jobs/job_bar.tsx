// A job under way: what it does, how far it is, and a way to stop it.
import './words';

import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { api } from '../api/client';
import { asProblem } from '../api/problem';
import type { components } from '../api/schema';
import { useFormats } from '../format';
import { useMay } from '../session';
import { useJobMessage } from './message';
import { useJobTitle } from './title';

type Job = components['schemas']['job'];

export function JobBar({ job }: { job: Job }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const client = useQueryClient();
  const may = useMay('jobs.read');
  const share = job.total ? Math.min(1, job.done / job.total) : job.state === 'done' ? 1 : null;
  const open = job.state === 'running' || job.state === 'queued';
  const titleOf = useJobTitle();
  const messageOf = useJobMessage();
  const { message } = App.useApp();
  const [cancelling, setCancelling] = useState(false);
  const title = titleOf(job);
  const unit = t(`jobs.unit.${job.unit}`, { defaultValue: job.unit });
  const cancel = async () => {
    setCancelling(true);
    try {
      await api.DELETE('/jobs/{id}', { params: { path: { id: job.id } } });
      await client.invalidateQueries();
    } catch (problem) {
      setCancelling(false);
      message.error(asProblem(problem).detail);
    }
  };
  return (
    <div>
      <div className="row nowrap">
        <span className="grow">{title}</span>
        <span className={`tag ${job.state === 'failed' ? 'bad' : job.state === 'done' ? 'good' : ''}`}>{t(`jobs.state.${job.state}`)}</span>
        {job.state === 'awaiting_approval' && <Link to="/data/exports">{t('jobs.approve')}</Link>}
        {open && may && (
          <Button size="small" type="text" disabled={cancelling} onClick={() => void cancel()}>
            {cancelling ? t('jobs.cancelling') : t('jobs.cancel')}
          </Button>
        )}
      </div>
      {open && (
        <div
          className={share === null ? 'bar busy' : 'bar'}
          role="progressbar"
          aria-label={title}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        >
          <i style={{ width: share === null ? '30%' : `${share * 100}%` }} />
        </div>
      )}
      <div className="quiet small">
        {job.total
          ? t('jobs.of', { done: formats.number(job.done), total: formats.number(job.total), unit })
          : job.done > 0 && t('jobs.so_far', { done: formats.number(job.done), unit })}{' '}
        {messageOf(job.message)}
      </div>
    </div>
  );
}
