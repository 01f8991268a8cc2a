// The addresses of the console. Every page is its own chunk; Today, the first one seen, is fetched with the shell.
import { lazy, Suspense, type ComponentType } from 'react';
import { createBrowserRouter, Navigate, RouterProvider } from 'react-router';

import { basePath } from '../place';
import { Loading } from '../states';
import { Crashed, NotFound } from './crashed';
import { Frame } from './frame';

function page<K extends string>(load: () => Promise<Record<K, ComponentType>>, name: K) {
  const Lazy = lazy<ComponentType>(() => load().then((module) => ({ default: module[name] })));
  return (
    <Suspense fallback={<div className="page"><Loading rows={6} /></div>}>
      <Lazy />
    </Suspense>
  );
}

const router = createBrowserRouter(
  [
    {
      element: <Frame />,
      errorElement: <Crashed />,
      children: [
        {
          errorElement: <Crashed />,
          children: [
            { index: true, element: page(() => import('../pages/today/today_page'), 'TodayPage') },
            { path: 'customers', element: page(() => import('../pages/customers/customers_page'), 'CustomersPage') },
            { path: 'customers/:id', element: page(() => import('../pages/customers/customer_page'), 'CustomerPage') },
            { path: 'segments', element: page(() => import('../pages/segments/segments_page'), 'SegmentsPage') },
            { path: 'segments/new', element: page(() => import('../pages/segments/builder_page'), 'BuilderPage') },
            { path: 'segments/library', element: page(() => import('../pages/segments/library_page'), 'LibraryPage') },
            { path: 'segments/overlap', element: page(() => import('../pages/segments/overlap_page'), 'OverlapPage') },
            { path: 'segments/:id', element: page(() => import('../pages/segments/segment_page'), 'SegmentPage') },
            { path: 'segments/:id/edit', element: page(() => import('../pages/segments/builder_page'), 'BuilderPage') },
            { path: 'insight', element: <Navigate to="/insight/rfm" replace /> },
            { path: 'insight/:analysis', element: page(() => import('../pages/insight/insight_page'), 'InsightPage') },
            { path: 'data', element: <Navigate to="/data/import" replace /> },
            { path: 'data/import', element: page(() => import('../pages/data/import_page'), 'ImportPage') },
            { path: 'data/imports', element: page(() => import('../pages/data/imports_page'), 'ImportsPage') },
            { path: 'data/imports/:id', element: page(() => import('../pages/data/import_result_page'), 'ImportResultPage') },
            { path: 'data/identities', element: page(() => import('../pages/data/identities_page'), 'IdentitiesPage') },
            { path: 'data/exports', element: page(() => import('../pages/data/exports_page'), 'ExportsPage') },
            { path: 'data/jobs', element: page(() => import('../pages/data/jobs_page'), 'JobsPage') },
            { path: 'imports', element: <Navigate to="/data/imports" replace /> },
            { path: 'settings', element: <Navigate to="/settings/general" replace /> },
            { path: 'settings/:section', element: page(() => import('../pages/settings/settings_page'), 'SettingsPage') },
            { path: 'account', element: page(() => import('../pages/access/account_page'), 'AccountPage') },
            { path: '*', element: <NotFound /> },
          ],
        },
      ],
    },
  ],
  { basename: basePath || '/' },
);

export function Pages() {
  return <RouterProvider router={router} />;
}
