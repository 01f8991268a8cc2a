import { useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { components } from '../../api/schema';
import { useMay } from '../../session';

export function RejectedRow({ importId, row }: { importId: number; row: components['schemas']['rejected_row'] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const may = useMay('imports.write');
  const [text, setText] = useState(row.text ?? '');
  const [answer, setAnswer] = useState('');
  const [busy, setBusy] = useState(false);

  const correct = async () => {
    setBusy(true);
    setAnswer('');
    try {
      const { data } = await api.POST('/imports/{id}/rejected/{row_id}', { params: { path: { id: importId, row_id: row.id } }, body: { text } });
      if (data && data.rejected > 0) setAnswer(t('data.still_wrong', { detail: data.problem?.detail ?? '' }));
      await client.invalidateQueries();
    } catch (problem) {
      setAnswer(asProblem(problem).detail);
    } finally {
      setBusy(false);
    }
  };

  return (
    <li className="stack tight">
      <div className="row">
        <span className="tag">
          {t('data.row_number')} {row.row_number}
        </span>
        {row.column && <span className="tag">{row.column}</span>}
        <span className="grow delta-down">{row.reason}</span>
        {row.corrected_at && <span className="tag good">{t('data.corrected')}</span>}
      </div>
      {row.text === null ? (
        <p className="quiet small">{t('data.rejected_hidden')}</p>
      ) : row.corrected_at || !may ? (
        <p className="code quiet">{row.text}</p>
      ) : (
        <>
          <Input.TextArea aria-label={t('data.text')} className="code" rows={1} value={text} onChange={(event) => setText(event.target.value)} />
          <div className="row">
            <Button size="small" type="primary" loading={busy} disabled={text === row.text} onClick={() => void correct()}>
              {t('data.correct')}
            </Button>
            {answer && (
              <span className="delta-down small" role="alert">
                {answer}
              </span>
            )}
          </div>
        </>
      )}
    </li>
  );
}
