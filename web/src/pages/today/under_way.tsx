// What runs, what was imported, and what in the data needs care.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { hooks } from '../../api/client';
import type { components } from '../../api/schema';
import { useFormats } from '../../format';
import { JobBar } from '../../jobs/job_bar';
import { useImportName } from '../../jobs/title';
import { Card } from '../../page';
import { useMay } from '../../session';

const kFailedShown = 3;
const kDayMs = 86_400_000;

type Schemas = components['schemas'];

export function WarningsCard({ warnings }: { warnings: Schemas['warning'][] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <Card title={t('today.warnings')}>
      {warnings.length === 0 ? (
        <p className="quiet">{t('today.warnings_empty')}</p>
      ) : (
        <ul className="lines">
          {warnings.map((warning) => (
            <li key={warning.key} className="row nowrap">
              <span className="grow">{warning.link ? <Link to={warning.link}>{warning.text}</Link> : warning.text}</span>
              <span className="tag warn">{formats.number(warning.count)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function JobsCard({ jobs }: { jobs: Schemas['job'][] }) {
  const { t } = useTranslation();
  const may = useMay('jobs.read');
  const formats = useFormats();
  const open = jobs.filter((job) => ['queued', 'running', 'awaiting_approval'].includes(job.state));
  // What failed since yesterday stays in view, with its cause and since when, until somebody has seen to it or a day is over.
  const failed = hooks.useQuery('get', '/jobs', { params: { query: { state: 'failed', limit: kFailedShown } } }, { enabled: may });
  const recent = (failed.data?.items ?? []).filter((job) => Date.now() - Date.parse(job.ended_at ?? job.created_at) < kDayMs);
  return (
    <Card title={t('today.jobs')} extra={may && <Link to="/data/jobs">{t('today.all_jobs')}</Link>}>
      {recent.length > 0 && (
        <ul className="lines">
          {recent.map((job) => (
            <li key={job.id}>
              <JobBar job={job} />
              <div className="quiet small row">
                <span className="grow">{formats.ago(job.ended_at)}</span>
                {job.kind === 'import' && <Link to="/data/import">{t('today.import_again')}</Link>}
              </div>
            </li>
          ))}
        </ul>
      )}
      {open.length === 0 ? (
        recent.length === 0 && <p className="quiet">{t('today.jobs_empty')}</p>
      ) : (
        <ul className="lines">
          {open.map((job) => (
            <li key={job.id}>
              <JobBar job={job} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

export function ImportsCard({ imports }: { imports: Schemas['import'][] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const may = useMay('imports.read');
  const nameOf = useImportName();
  return (
    <Card title={t('today.imports')} extra={may && <Link to="/data/imports">{t('today.all_imports')}</Link>}>
      {imports.length === 0 ? (
        <p className="quiet">{t('today.imports_empty')}</p>
      ) : (
        <ul className="lines">
          {imports.map((entry) => (
            <li key={entry.id}>
              {may ? <Link to={`/data/imports/${entry.id}`}>{nameOf(entry.file)}</Link> : nameOf(entry.file)}
              <div className="quiet small">
                {formats.ago(entry.started_at)} · {t('today.rows', { count: entry.rows })}
                {entry.rejected > 0 && <span className="delta-down"> · {t('today.rejected', { count: entry.rejected })}</span>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
