// One rejected row: what is wrong with it, its cells to correct (first the one that is wrong), and saving it, which
// imports it at once. A row that cannot be taken apart is edited as it stands in the file.
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { components } from '../../api/schema';
import { useMay } from '../../session';
import { useQueryClient } from '@tanstack/react-query';
import { lineOf, rowOf, withCell } from './csv_row';

function Cells({ header, text, wrong, onChange }: { header: string; text: string; wrong: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  // Which cells are shown is decided by the row as it came, so that none vanishes while it is emptied.
  const [first] = useState(() => rowOf(header, text));
  const read = rowOf(header, text);
  if (!first || !read) {
    return <Input.TextArea aria-label={t('data.text')} className="code" rows={1} value={text} onChange={(event) => onChange(event.target.value)} />;
  }
  const places = read.names.map((_, at) => at).filter((at) => all || read.names[at] === wrong || (first.row.cells[at]?.text ?? '') !== '');
  places.sort((a, b) => Number(read.names[b] === wrong) - Number(read.names[a] === wrong) || a - b);
  return (
    <>
      <div className="cells">
        {places.map((at) => (
          <label key={at} className={read.names[at] === wrong ? 'cell wrong' : 'cell'}>
            <span className="quiet small">{read.names[at]}</span>
            <Input
              size="small"
              status={read.names[at] === wrong ? 'error' : ''}
              value={read.row.cells[at]?.text ?? ''}
              onChange={(event) => onChange(lineOf(withCell(read.row, at, event.target.value)))}
            />
          </label>
        ))}
      </div>
      {(all || places.length < read.names.length) && (
        <div>
          <button type="button" className="link-like small" onClick={() => setAll(!all)}>
            {all ? t('data.filled_cells') : t('data.all_cells', { count: read.names.length })}
          </button>
        </div>
      )}
    </>
  );
}

export function RejectedRow({ importId, header, row }: { importId: number; header: string; row: components['schemas']['rejected_row'] }) {
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
        <span className="tag">{t('data.row_number', { n: row.row_number })}</span>
        {row.column && <span className="tag">{row.column}</span>}
        <span className="grow delta-down">{row.reason}</span>
        {row.corrected_at && <span className="tag good">{t('data.corrected')}</span>}
      </div>
      {row.text === null ? (
        <p className="quiet small">{t('data.rejected_hidden')}</p>
      ) : row.corrected_at || !may ? (
        <p className="code quiet">{row.text}</p>
      ) : (
        <form
          className="stack tight"
          onSubmit={(event) => {
            event.preventDefault();
            if (text !== row.text) void correct();
          }}
        >
          <Cells header={header} text={text} wrong={row.column} onChange={setText} />
          <div className="row">
            <Button size="small" type="primary" htmlType="submit" loading={busy} disabled={text === row.text}>
              {t('data.correct')}
            </Button>
            {answer && (
              <span className="delta-down small" role="alert">
                {answer}
              </span>
            )}
          </div>
        </form>
      )}
    </li>
  );
}
