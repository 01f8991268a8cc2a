import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useActor } from '../../actor';
import { api, hooks } from '../../api/client';
import { asProblem } from '../../api/problem';
import { useFormats } from '../../format';
import { Pager, usePages } from '../../pager';
import { useMay } from '../../session';
import { Answer, Empty } from '../../states';

export function Notes({ id }: { id: number }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const formats = useFormats();
  const nameOf = useActor();
  const client = useQueryClient();
  const may = useMay('customers.write');
  const pages = usePages(String(id));
  const [text, setText] = useState('');
  const query = hooks.useQuery('get', '/customers/{id}/notes', {
    params: { path: { id }, query: pages.cursor ? { cursor: pages.cursor } : {} },
  });

  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/customers/{id}') });
    } catch (problem) {
      message.error(asProblem(problem).detail);
    }
  };
  const add = () =>
    attempt(async () => {
      await api.POST('/customers/{id}/notes', { params: { path: { id } }, body: { text: text.trim() } });
      setText('');
    });

  return (
    <div className="stack">
      {may && (
        <div className="stack">
          <Input.TextArea
            aria-label={t('customers.note_add')}
            placeholder={t('customers.note_placeholder')}
            rows={2}
            maxLength={10000}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && text.trim()) void add();
            }}
          />
          <div>
            <Button type="primary" disabled={text.trim() === ''} onClick={() => void add()}>
              {t('customers.note_add')}
            </Button>
          </div>
        </div>
      )}
      <Answer query={query}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title={t('customers.notes_empty')} />
          ) : (
            <>
              <ul className="lines">
                {data.items.map((note) => (
                  <li key={note.id}>
                    <div className="row">
                      <span className="quiet small grow">
                        {nameOf(note.author)} · {formats.time(note.at)}
                      </span>
                      {may && (
                        <Popconfirm
                          title={t('customers.note_delete_sure')}
                          okText={t('shell.delete')}
                          cancelText={t('shell.cancel')}
                          onConfirm={() => attempt(() => api.DELETE('/customers/{id}/notes/{note_id}', { params: { path: { id, note_id: note.id } } }))}
                        >
                          <Button size="small" type="text" aria-label={t('customers.note_delete')}>
                            {t('shell.delete')}
                          </Button>
                        </Popconfirm>
                      )}
                    </div>
                    <div style={{ whiteSpace: 'pre-wrap' }}>{note.text}</div>
                  </li>
                ))}
              </ul>
              <Pager pages={pages} next={data.next_cursor} busy={query.isFetching} />
            </>
          )
        }
      </Answer>
    </div>
  );
}
