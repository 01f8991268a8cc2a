// No data yet: load the sample, or import one's own file; what comes after, in three lines. Fits one screen.
import { useState } from 'react';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { api } from '../../api/client';
import { JobBar } from '../../jobs/job_bar';
import { useJob } from '../../jobs/follow';
import { Card } from '../../page';
import { useSession } from '../../session';
import { Failed } from '../../states';

export function FirstVisit() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { may, refresh } = useSession();
  const [jobId, setJobId] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const job = useJob(jobId, (ended) => {
    if (ended.state === 'done') void refresh();
  });

  const loadSample = async () => {
    try {
      setError(null);
      const { data } = await api.POST('/sample-data', {});
      setJobId(data?.job.id ?? null);
    } catch (problem) {
      setError(problem);
    }
  };
  const busy = jobId !== null && job.data?.state !== 'failed' && job.data?.state !== 'cancelled';

  return (
    <div className="first-visit stack">
      <div>
        <h2 className="figure">{t('today.welcome')}</h2>
        <p className="quiet">{t('today.welcome_text')}</p>
      </div>
      <div className="grid">
        <Card className="span-6" title={t('today.import')}>
          <p className="quiet">{t('today.import_text')}</p>
          <Button type="primary" size="large" disabled={!may('imports.write') || busy} onClick={() => void navigate('/data/import')}>
            {t('today.import')}
          </Button>
        </Card>
        <Card className="span-6" title={t('today.sample')}>
          <p className="quiet">{t('today.sample_text')}</p>
          <Button size="large" loading={busy} disabled={!may('imports.write')} onClick={() => void loadSample()}>
            {t('today.sample')}
          </Button>
        </Card>
      </div>
      {job.data && (
        <Card title={t('today.sample_running')}>
          <JobBar job={job.data} />
        </Card>
      )}
      {error !== null && <Failed error={error} />}
      <ol className="steps">
        {[1, 2, 3].map((step) => (
          <li key={step}>{t(`today.steps.${step}`)}</li>
        ))}
      </ol>
    </div>
  );
}
