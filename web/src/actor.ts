// Who did something, as the server keeps it ("user:ann", "key:3 shop system", "cli:root"), in words.
import { useTranslation } from 'react-i18next';

export function useActor(): (actor: string) => string {
  const { t } = useTranslation();
  return (actor) => {
    const [, kind, name = ''] = /^(user|key|cli):(.*)$/s.exec(actor) ?? [];
    if (kind === 'user') return name;
    if (kind === 'key') return t('shell.by_key', { name: name.replace(/^\d+ /, '') });
    return kind === 'cli' ? t('shell.by_terminal', { name }) : actor;
  };
}
