import { useTranslation } from 'react-i18next';

import type { components } from '../../api/schema';

type Permission = components['schemas']['permission'];

export const kPermissions: Permission[] = [
  'customers.read', 'customers.write', 'customers.reveal', 'customers.export', 'customers.erase', 'identities.manage',
  'segments.read', 'segments.write', 'tags.write', 'lists.write', 'insight.read', 'imports.read', 'imports.write',
  'ingest.write', 'settings.read', 'settings.write', 'users.manage', 'roles.manage', 'apikeys.manage', 'audit.read',
  'jobs.read', 'exports.approve', 'webhooks.manage',
];

export function usePermissionName(): (permission: string) => string {
  const { t } = useTranslation();
  return (permission) => t(`settings.permission.${permission.replace('.', '_')}`, { defaultValue: permission });
}
