// What a job does, in the user's language: the server names it in English, or by the file it is about.
import './words';

import { useTranslation } from 'react-i18next';

import type { components } from '../api/schema';

const kExport = /^(\d+) customers? as (\w+)$/;
const kRow = /^row (\d+) of import (\d+)$/;

export function useJobTitle(): (job: Pick<components['schemas']['job'], 'kind' | 'title'>) => string {
  const { t } = useTranslation();
  return ({ kind, title }) => {
    const [, count, format = ''] = kExport.exec(title) ?? [];
    if (count !== undefined) return t('jobs.export', { count: Number(count), format: format.toUpperCase() });
    return kind === 'import' ? t('jobs.import', { file: title }) : title;
  };
}

// The name of an import: of its file, or of the one row that was corrected.
export function useImportName(): (file: string) => string {
  const { t } = useTranslation();
  return (file) => {
    const [, row, of] = kRow.exec(file) ?? [];
    return row === undefined ? file : t('jobs.corrected_row', { row, of });
  };
}
