// Settings: one page a subject, chosen at the side (above, on a narrow screen).
import './words';

import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, NavLink, useParams } from 'react-router';

import { Page } from '../../page';
import { useSession } from '../../session';
import { Empty, Loading } from '../../states';

interface Section {
  key: string;
  permission: string;
  Component: LazyExoticComponent<ComponentType>;
}

const kSections: Section[] = [
  { key: 'general', permission: 'settings.read', Component: lazy(() => import('./general').then((m) => ({ default: m.General }))) },
  { key: 'definitions', permission: 'settings.read', Component: lazy(() => import('./definitions').then((m) => ({ default: m.Definitions }))) },
  { key: 'shops', permission: 'settings.read', Component: lazy(() => import('./shops').then((m) => ({ default: m.Shops }))) },
  { key: 'exchange-rates', permission: 'settings.read', Component: lazy(() => import('./rates').then((m) => ({ default: m.Rates }))) },
  { key: 'attributes', permission: 'settings.read', Component: lazy(() => import('./attributes').then((m) => ({ default: m.Attributes }))) },
  { key: 'tags', permission: 'segments.read', Component: lazy(() => import('./tag_rules').then((m) => ({ default: m.TagRules }))) },
  { key: 'lists', permission: 'customers.read', Component: lazy(() => import('./lists').then((m) => ({ default: m.Lists }))) },
  { key: 'users', permission: 'users.manage', Component: lazy(() => import('./users').then((m) => ({ default: m.Users }))) },
  { key: 'roles', permission: 'roles.manage', Component: lazy(() => import('./roles').then((m) => ({ default: m.Roles }))) },
  { key: 'keys', permission: 'apikeys.manage', Component: lazy(() => import('./keys').then((m) => ({ default: m.Keys }))) },
  { key: 'webhooks', permission: 'webhooks.manage', Component: lazy(() => import('./webhooks').then((m) => ({ default: m.Webhooks }))) },
  { key: 'audit', permission: 'audit.read', Component: lazy(() => import('./audit').then((m) => ({ default: m.Audit }))) },
  { key: 'system', permission: 'settings.read', Component: lazy(() => import('./system').then((m) => ({ default: m.System }))) },
];

export function SettingsPage() {
  const { t } = useTranslation();
  const { may } = useSession();
  const { section } = useParams();
  const allowed = kSections.filter((one) => may(one.permission));
  const shown = allowed.find((one) => one.key === section);
  const [first] = allowed;
  if (!shown && first && section === 'general') return <Navigate to={`/settings/${first.key}`} replace />;
  return (
    <Page title={shown ? `${t('settings.title')} · ${t(`settings.sections.${shown.key}`)}` : t('settings.title')}>
      <div className="settings-layout">
        <nav aria-label={t('settings.title')}>
          <ul className="shell-nav">
            {allowed.map((one) => (
              <li key={one.key}>
                <NavLink to={`/settings/${one.key}`}>{t(`settings.sections.${one.key}`)}</NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="stack">
          {shown ? (
            <Suspense fallback={<Loading />}>
              <shown.Component />
            </Suspense>
          ) : (
            <Empty title={t('shell.error.forbidden')} />
          )}
        </div>
      </div>
    </Page>
  );
}
