// The builder: cards and text of one expression, side by side in meaning, with its sentence above.
import './words';

import { RedoOutlined, UndoOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { hooks } from '../api/client';
import { Answer, Loading } from '../states';
import { easyOf } from './cards';
import { EasyCards } from './easy_cards';
import { FreeTree } from './free_tree';
import { AddCondition } from './add_condition';
import { Limits } from './limits';
import type { Schema } from './schema';
import type { Predicate } from './tree';
import type { ExpressionState } from './use_expression';

const TextEditor = lazy(() => import('./text_editor').then((m) => ({ default: m.TextEditor })));

const kSchemaKept = { staleTime: 10 * 60_000 }; // what is tagged, saved or imported here asks for it again at once

type Mode = 'easy' | 'free' | 'text';

function Cards({ schema, state, mode }: { schema: Schema; state: ExpressionState; mode: Mode }) {
  const { t } = useTranslation();
  const { tree, setTree } = state;
  const putWhere = (where: Predicate) => setTree({ ...tree, where });
  const easy = easyOf(tree.where);
  return (
    <div className="stack">
      {state.problem && <div className="notice" role="alert">{state.wrong === 'text' ? t('expression.unfinished') : state.problem.detail}</div>}
      {mode === 'easy' && easy ? (
        <EasyCards schema={schema} groups={easy} onChange={putWhere} />
      ) : (
        <>
          {mode === 'easy' && <div className="notice info">{t('expression.no_easy')}</div>}
          {'all' in tree.where ? (
            <AddCondition schema={schema} label={t('expression.add_condition')} onAdd={putWhere} />
          ) : (
            <FreeTree schema={schema} node={tree.where} onChange={putWhere} onRemove={() => putWhere({ all: true })} />
          )}
          {!('all' in tree.where) && !('and' in tree.where) && !('or' in tree.where) && (
            <AddCondition schema={schema} label={t('expression.add_condition')} onAdd={(node) => putWhere({ and: [tree.where, node] })} />
          )}
        </>
      )}
      <Limits schema={schema} tree={tree} onChange={setTree} />
    </div>
  );
}

export function ExpressionEditor({ state }: { state: ExpressionState }) {
  const { t } = useTranslation();
  const [mode, setMode] = useState<Mode>('easy');
  const schema = hooks.useQuery('get', '/segments/schema', {}, kSchemaKept);
  const { undo, redo } = state;
  // What was never right has no cards: it is mended where it is written.
  const isWrong = state.problem !== null && state.good === '';
  useEffect(() => {
    if (isWrong) setMode('text');
  }, [isWrong]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
      const target = event.target;
      if (target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA'].includes(target.tagName))) return;
      event.preventDefault();
      (event.shiftKey ? redo : undo)?.();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [undo, redo]);

  return (
    <div className="stack">
      <div className="row">
        <Segmented<Mode>
          aria-label={t('expression.mode')}
          value={mode}
          onChange={setMode}
          options={(['easy', 'free', 'text'] as const).map((key) => ({ value: key, label: t(`expression.${key}`) }))}
        />
        <span className="grow" />
        <Button type="text" icon={<UndoOutlined aria-hidden />} aria-label={t('shell.undo')} title={t('shell.undo')} disabled={!undo} onClick={() => undo?.()} />
        <Button type="text" icon={<RedoOutlined aria-hidden />} aria-label={t('shell.redo')} title={t('shell.redo')} disabled={!redo} onClick={() => redo?.()} />
      </div>
      {state.sentence && (
        <p className="sentence" aria-live="polite">
          <span className="quiet small">{t('expression.sentence')} </span>
          {state.sentence}
        </p>
      )}
      {mode === 'text' ? (
        <Suspense fallback={<Loading rows={2} />}>
          <TextEditor text={state.text} problem={state.problem} onChange={state.setText} />
          <p className="quiet small">{t('expression.editor_help')}</p>
        </Suspense>
      ) : (
        <Answer query={schema}>{(data) => <Cards schema={data} state={state} mode={mode} />}</Answer>
      )}
      {state.problem && mode === 'text' && (
        <div className="notice error" role="alert">
          <span className="grow">{state.problem.detail}</span>
          {state.problem.suggestion && state.problem.place && (
            <Button
              size="small"
              onClick={() => {
                const { offset, length } = state.problem?.place ?? { offset: 0, length: 0 };
                state.setText(state.text.slice(0, offset) + (state.problem?.suggestion ?? '') + state.text.slice(offset + length));
              }}
            >
              {t('expression.fix', { text: state.problem.suggestion })}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
