// A role's name: of a built-in one in the user's language, of the merchant's own as it was given.
import { useTranslation } from 'react-i18next';

export function useRoleName(): (role: { key: string; name: string }) => string {
  const { t } = useTranslation();
  return (role) => t(`settings.role_names.${role.key}`, { defaultValue: role.name });
}
