// The three states every page has besides its content: loading, nothing there, and an error with what to do next.
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { asProblem } from './api/problem';

export function Loading({ rows = 4, label }: { rows?: number; label?: string }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={label ?? t('shell.loading')} className="stack">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton" style={{ height: row === 0 ? 34 : 20, width: row === 0 ? '46%' : `${96 - row * 9}%` }} />
      ))}
    </div>
  );
}

export function Empty({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}

const kKinds: Record<number, string> = { 403: 'no_permission', 404: 'gone', 409: 'conflict', 412: 'conflict', 422: 'check', 429: 'too_many' };

export function Failed({ error, retry }: { error: unknown; retry?: (() => unknown) | undefined }) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  const kind = problem.isOffline ? 'offline' : problem.status >= 500 ? 'server' : (kKinds[problem.status] ?? 'title');
  const advice =
    problem.status === 403 && problem.key !== 'auth.csrf'
      ? t('shell.error.forbidden')
      : problem.isOffline
        ? t('shell.error.offline_advice')
        : problem.status >= 500
          ? t('shell.error.server_advice')
          : '';
  return (
    <div className="notice error" role="alert">
      <div className="grow">
        <strong>{t(`shell.error.${kind}`)}</strong>
        <div>{problem.detail}</div>
        {problem.suggestion && <div>{t('shell.error.suggestion', { text: problem.suggestion })}</div>}
        {advice && <div className="quiet">{advice}</div>}
      </div>
      {retry && (
        <Button size="small" onClick={() => void retry()}>
          {t('shell.retry')}
        </Button>
      )}
    </div>
  );
}

// What is shown is of an earlier question than the one asked last: dimmed, and said so. `why`: it will stay so for now.
export function Stale({ when, why, children }: { when: boolean; why?: string | undefined; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={when ? (why === undefined ? 'stale' : 'stale kept') : undefined} aria-busy={when && why === undefined}>
      {children}
      {when && <span className="stale-mark small">{why ?? t('shell.updating')}</span>}
    </div>
  );
}

// Whatever a query is in: its content, or one of the states.
export function Answer<T>({
  query,
  rows = 4,
  page = false,
  children,
}: {
  query: { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  rows?: number;
  page?: boolean; // the answer is the whole page
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) {
    // What is shown is older than it should be: say so, rather than pass it off as of now.
    return (
      <>
        {query.error !== null && query.error !== undefined && <Failed error={query.error} retry={query.refetch} />}
        {children(query.data)}
      </>
    );
  }
  const state = query.error ? <Failed error={query.error} retry={query.refetch} /> : <Loading rows={rows} />;
  return page ? <div className="page">{state}</div> : state;
}
