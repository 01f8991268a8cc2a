// What a job or an import came to: the server keeps "what happened [key]", in English. Why a job itself ended has words of
// ours; of the work inside it the server's stay.
import './words';

import { useTranslation } from 'react-i18next';

const kKeyed = /^(.*) \[([a-z_]+)\.([a-z_]+)\]$/s;

export function useJobMessage(): (message: string) => string {
  const { t } = useTranslation();
  return (message) => {
    const [, detail = message, room, key] = kKeyed.exec(message) ?? [];
    return room === 'job' ? t(`jobs.ended.${key ?? ''}`, { defaultValue: detail }) : detail;
  };
}
