// The formats of the user's language and the shop's zone.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { formatsOf, type Formats } from './formats';
import { currentLanguage } from './i18n';
import { useSession } from './session';

export { decimalOf } from './formats';

export function useFormats(): Formats {
  useTranslation(); // again when the language changes
  const language = currentLanguage();
  const { zone } = useSession();
  return useMemo(() => formatsOf(language, zone), [language, zone]);
}
