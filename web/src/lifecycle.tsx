// Where a customer stands in the life cycle, in words and colour.
import './shell/customer_words';

import { useTranslation } from 'react-i18next';

const kTone: Record<string, string> = { active: 'good', silent: 'fair', sleeping: 'warn', lost: 'bad' };

export function LifecycleTag({ stage }: { stage: string | null | undefined }) {
  const { t } = useTranslation();
  if (!stage) return null;
  return <span className={`tag ${kTone[stage] ?? ''}`}>{t(`customer.lifecycle.${stage}`, stage)}</span>;
}

export function RfmTag({ rfmClass }: { rfmClass: string | null | undefined }) {
  const { t } = useTranslation();
  if (!rfmClass) return null;
  return <span className="tag">{t(`customer.rfm.${rfmClass}`, rfmClass)}</span>;
}
