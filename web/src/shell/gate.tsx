// Decides what a visitor sees: first start, signing in, a one-time link, or the console.
import { lazy, Suspense } from 'react';

import { oneTimeToken } from '../place';
import { SessionProvider, useSessionQuery } from '../session';
import { Failed, Loading } from '../states';
import { Pages } from './pages';

const AccessPage = lazy(() => import('../pages/access/access_page').then((m) => ({ default: m.AccessPage })));

export function Gate() {
  const query = useSessionQuery();
  if (!query.data) {
    return <div className="page">{query.error ? <Failed error={query.error} retry={query.refetch} /> : <Loading />}</div>;
  }
  const link = oneTimeToken();
  if (query.data.signed_in && !link) {
    return (
      <SessionProvider session={query.data}>
        <Pages />
      </SessionProvider>
    );
  }
  return (
    <Suspense fallback={<div className="page"><Loading /></div>}>
      <AccessPage session={query.data} link={link} />
    </Suspense>
  );
}
