// The way of a file into Shuke: file, recognised format with a preview, dry run, import, result.
import './words';

import { useTranslation } from 'react-i18next';
import { Steps } from 'antd';
import { useState } from 'react';

import { api } from '../../api/client';
import { hasEnded, useJob } from '../../jobs/follow';
import { JobBar } from '../../jobs/job_bar';
import { Card } from '../../page';
import { useSession } from '../../session';
import { Failed } from '../../states';
import { DataPage } from './data_tabs';
import { ChooseFile } from './choose_file';
import { ImportOutcome } from './import_outcome';
import { PreviewStep, type ImportChoice } from './preview_step';

type Stage = 'file' | 'preview' | 'check' | 'import';
const kStages: Stage[] = ['file', 'preview', 'check', 'import'];

export function ImportPage() {
  const { t } = useTranslation();
  const { refresh } = useSession();
  const [stage, setStage] = useState<Stage>('file');
  const [upload, setUpload] = useState<{ id: string; name: string } | null>(null);
  const [choice, setChoice] = useState<ImportChoice | null>(null);
  const [jobId, setJobId] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const job = useJob(jobId, (ended) => {
    if (stage === 'import' && ended.state === 'done') void refresh();
  });

  const start = async (next: ImportChoice, dryRun: boolean) => {
    if (!upload) return;
    try {
      setError(null);
      setChoice(next);
      setStage(dryRun ? 'check' : 'import');
      setJobId(null);
      const { data } = await api.POST('/imports', { body: { upload_id: upload.id, ...next, dry_run: dryRun } });
      setJobId(data?.job.id ?? null);
    } catch (problem) {
      setError(problem);
    }
  };
  const again = () => {
    setStage('file');
    setUpload(null);
    setChoice(null);
    setJobId(null);
    setError(null);
  };

  return (
    <DataPage title={t('data.import_title')} subtitle={t('data.import_text')}>
      <div className="stack">
        <Steps size="small" current={kStages.indexOf(stage)} items={kStages.map((key) => ({ title: t(`data.steps.${key}`) }))} />
        {stage === 'file' && (
          <ChooseFile
            onUploaded={(id, name) => {
              setUpload({ id, name });
              setStage('preview');
            }}
          />
        )}
        {stage === 'preview' && upload && (
          <PreviewStep upload={upload} onCheck={(next) => void start(next, true)} onImport={(next) => void start(next, false)} onOther={again} />
        )}
        {(stage === 'check' || stage === 'import') && (
          <Card title={upload?.name}>
            <div className="stack">
              {job.data && !hasEnded(job.data) && <JobBar job={job.data} />}
              {!job.data && error === null && <p className="quiet">{stage === 'check' ? t('data.dry_running') : t('data.importing')}…</p>}
              {job.data && hasEnded(job.data) && (
                <ImportOutcome
                  job={job.data}
                  isDryRun={stage === 'check'}
                  onImport={() => choice && void start(choice, false)}
                  onAgain={again}
                  onBack={() => setStage('preview')}
                />
              )}
              {(error ?? job.error) !== null && <Failed error={error ?? job.error} retry={() => setStage('preview')} />}
            </div>
          </Card>
        )}
      </div>
    </DataPage>
  );
}
