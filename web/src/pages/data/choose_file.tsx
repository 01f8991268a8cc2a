// Dropping or choosing the file, and sending it with progress and a way to stop.
import { InboxOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFormats } from '../../format';
import { Card } from '../../page';
import { Failed } from '../../states';
import { uploadFile } from './upload';

export function ChooseFile({ onUploaded }: { onUploaded: (id: string, name: string) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController | null>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<{ file: File; share: number } | null>(null);
  const [error, setError] = useState<unknown>(null);

  const send = async (file: File | undefined) => {
    if (!file) return;
    stop.current = new AbortController();
    const { signal } = stop.current;
    setError(null);
    setSending({ file, share: 0 });
    try {
      const id = await uploadFile(file, (share) => setSending({ file, share }), signal);
      onUploaded(id, file.name);
    } catch (problem) {
      if (!signal.aborted) setError(problem);
      setSending(null);
    }
  };

  return (
    <Card>
      <div className="stack">
        {sending ? (
          <div>
            <div className="row nowrap">
              <span className="grow">{t('data.uploading', { name: sending.file.name })}</span>
              <span className="quiet">{formats.bytes(sending.file.size)}</span>
              <Button size="small" onClick={() => stop.current?.abort()}>
                {t('shell.cancel')}
              </Button>
            </div>
            <div className="bar" role="progressbar" aria-label={t('data.uploading', { name: sending.file.name })} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(sending.share * 100)}>
              <i style={{ width: `${sending.share * 100}%` }} />
            </div>
          </div>
        ) : (
          <button
            type="button"
            className={over ? 'drop over' : 'drop'}
            onClick={() => input.current?.click()}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              void send(event.dataTransfer.files[0]);
            }}
          >
            <InboxOutlined aria-hidden />
            {t('data.drop')}
          </button>
        )}
        <input ref={input} type="file" hidden data-testid="file" onChange={(event) => void send(event.target.files?.[0])} />
        {error !== null && <Failed error={error} />}
      </div>
    </Card>
  );
}
