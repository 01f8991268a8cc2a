// The settings being edited: what is changed stays beside what is kept until it is saved, all at once.
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, hooks } from '../../api/client';
import type { components } from '../../api/schema';

export type Setting = components['schemas']['setting'];

export function useSettings() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const query = hooks.useQuery('get', '/settings');
  const [edited, setEdited] = useState<Record<string, string>>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const kept = (name: string) => query.data?.items.find((one) => one.name === name)?.value ?? '';
  const changed = Object.entries(edited).filter(([name, value]) => value !== kept(name));

  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const { response } = await api.GET('/settings', {});
      await api.PATCH('/settings', {
        params: { header: { 'If-Match': response.headers.get('ETag') ?? '' } },
        body: { values: Object.fromEntries(changed) },
      });
      await client.invalidateQueries();
      setEdited({});
      message.success(t('shell.saved'));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return {
    query,
    value: (name: string) => edited[name] ?? kept(name),
    put: (name: string, value: string) => setEdited((before) => ({ ...before, [name]: value })),
    forget: () => {
      setEdited({});
      setError(null);
    },
    changed: changed.length,
    save,
    busy,
    error,
  };
}

export type Settings = ReturnType<typeof useSettings>;
