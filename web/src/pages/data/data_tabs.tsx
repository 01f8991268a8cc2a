// The pages of Data, one line of links above each.
import './words';

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';

import { Page } from '../../page';
import { useSession } from '../../session';

const kTabs: { key: string; permissions: string[] }[] = [
  { key: 'import', permissions: ['imports.write'] },
  { key: 'imports', permissions: ['imports.read'] },
  { key: 'identities', permissions: ['identities.manage'] },
  { key: 'exports', permissions: ['customers.export', 'exports.approve'] },
  { key: 'jobs', permissions: ['jobs.read'] },
];

export function DataPage({ title, subtitle, actions, children }: { title: string; subtitle?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const { may } = useSession();
  return (
    <Page title={title} subtitle={subtitle} actions={actions}>
      <nav className="tabs" aria-label={t('data.title')}>
        {kTabs
          .filter((tab) => tab.permissions.some(may))
          .map((tab) => (
            <NavLink key={tab.key} to={`/data/${tab.key}`}>
              {t(`data.nav.${tab.key}`)}
            </NavLink>
          ))}
      </nav>
      {children}
    </Page>
  );
}
