// Follows a job until it has ended.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { hooks } from '../api/client';
import type { components } from '../api/schema';

type Job = components['schemas']['job'];

const kPollMs = 400;

export function hasEnded(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';
}

export function useJob(id: number | null, onEnd?: (job: Job) => void) {
  const client = useQueryClient();
  const query = hooks.useQuery('get', '/jobs/{id}', { params: { path: { id: id ?? 0 } } }, {
    enabled: id !== null,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data) ? false : kPollMs),
  });
  const job = query.data;
  const ended = job && hasEnded(job) ? job.id : null;
  useEffect(() => {
    if (ended === null || !job) return;
    // What the job has changed may be on any page.
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== '/jobs/{id}' });
    onEnd?.(job);
  }, [ended]);
  return query;
}
