// What a dry run or an import came to, and what to do next.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import type { components } from '../../api/schema';
import { useFormats } from '../../format';
import { useJobMessage } from '../../jobs/message';

const kCounts = ['rows', 'imported', 'unchanged', 'adjustments', 'rejected', 'orders', 'customers'] as const;

export function ImportOutcome({
  job,
  isDryRun,
  onImport,
  onAgain,
  onBack,
}: {
  job: components['schemas']['job'];
  isDryRun: boolean;
  onImport: () => void;
  onAgain: () => void;
  onBack: () => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const messageOf = useJobMessage();
  const navigate = useNavigate();
  const result: Record<string, unknown> = job.result ?? {};
  const count = (key: string) => (typeof result[key] === 'number' ? result[key] : null);
  const importId = count('import_id');
  const rejected = count('rejected') ?? 0;

  if (job.state !== 'done') {
    return (
      <div className="stack">
        <div className="notice error" role="alert">
          <div>
            <strong>{job.state === 'cancelled' ? t('data.cancelled') : t('data.failed')}</strong>
            <div>{messageOf(job.message)}</div>
          </div>
        </div>
        <div className="row">
          <Button onClick={onBack}>{t('shell.back')}</Button>
          <Button onClick={onAgain}>{t('data.other_file')}</Button>
        </div>
      </div>
    );
  }
  return (
    <div className="stack" data-testid={isDryRun ? 'dry-run-result' : 'import-result'}>
      <h2>{isDryRun ? t('data.dry_result') : t('data.finished')}</h2>
      <dl className="counts">
        {kCounts
          .filter((key) => count(key) !== null)
          .map((key) => (
            <div key={key}>
              <dt>{t(`data.${key}`)}</dt>
              <dd className={key === 'rejected' && rejected > 0 ? 'figure delta-down' : 'figure'}>{formats.number(count(key))}</dd>
            </div>
          ))}
      </dl>
      <div className="row">
        {isDryRun ? (
          <>
            <Button type="primary" onClick={onImport}>
              {t('data.import_now')}
            </Button>
            <Button onClick={onBack}>{t('shell.back')}</Button>
          </>
        ) : (
          <>
            {rejected > 0 && importId !== null && <Link to={`/data/imports/${importId}`}>{t('data.fix_rows', { count: rejected })}</Link>}
            <Button type="primary" onClick={() => void navigate('/')}>
              {t('data.see_today')}
            </Button>
            <Button onClick={() => void navigate('/customers')}>{t('data.see_customers')}</Button>
            <Button onClick={onAgain}>{t('data.another')}</Button>
          </>
        )}
      </div>
    </div>
  );
}
