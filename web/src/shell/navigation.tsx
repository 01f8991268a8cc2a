import {
  BarChartOutlined,
  DatabaseOutlined,
  HomeOutlined,
  SettingOutlined,
  TeamOutlined,
  UsergroupAddOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, NavLink } from 'react-router';

import { basePath } from '../place';
import { useSession } from '../session';

interface Entry {
  to: string;
  name: string;
  icon: ReactNode;
  permissions: string[]; // any of these
}

export const kEntries: Entry[] = [
  { to: '/', name: 'today', icon: <HomeOutlined aria-hidden />, permissions: [] },
  { to: '/customers', name: 'customers', icon: <TeamOutlined aria-hidden />, permissions: ['customers.read'] },
  { to: '/segments', name: 'segments', icon: <UsergroupAddOutlined aria-hidden />, permissions: ['segments.read'] },
  { to: '/insight', name: 'insight', icon: <BarChartOutlined aria-hidden />, permissions: ['insight.read'] },
  {
    to: '/data',
    name: 'data',
    icon: <DatabaseOutlined aria-hidden />,
    permissions: ['imports.read', 'imports.write', 'identities.manage', 'customers.export', 'exports.approve', 'jobs.read'],
  },
  {
    to: '/settings',
    name: 'settings',
    icon: <SettingOutlined aria-hidden />,
    permissions: ['settings.read', 'users.manage', 'roles.manage', 'apikeys.manage', 'audit.read'],
  },
];

export function useEntries(): Entry[] {
  const { may } = useSession();
  return kEntries.filter((entry) => entry.permissions.length === 0 || entry.permissions.some(may));
}

export function Navigation({ onChoose }: { onChoose?: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Link to="/" className="shell-brand" onClick={onChoose}>
        <img src={`${basePath}/shuke.svg`} alt="" />
        {t('shell.product')}
      </Link>
      <nav aria-label={t('shell.navigation')}>
        <ul className="shell-nav">
          {useEntries().map((entry) => (
            <li key={entry.to}>
              <NavLink to={entry.to} end={entry.to === '/'} onClick={onChoose}>
                {entry.icon}
                {t(`shell.nav.${entry.name}`)}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}
