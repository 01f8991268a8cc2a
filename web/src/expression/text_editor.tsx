// The expression as text: highlighted, completed by the server, with mistakes underlined where they are.
import { autocompletion, closeBrackets, completionKeymap, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../api/client';
import type { Problem } from '../api/problem';
import { nonce } from '../place';
import { expressionLanguage } from './language';

const kKinds: Record<string, string> = {
  attribute: 'property',
  fact: 'class',
  field: 'property',
  aggregate: 'function',
  operator: 'keyword',
  window: 'constant',
  value: 'text',
  keyword: 'keyword',
  segment: 'namespace',
  list: 'namespace',
  tag: 'namespace',
  channel: 'enum',
};

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\p{L}\p{N}_."“]+/u);
  if (!word && !context.explicit && !/[\s(=]$/.test(context.state.sliceDoc(0, context.pos))) return null;
  const stop = new AbortController();
  context.addEventListener('abort', () => stop.abort());
  try {
    const { data } = await api.POST('/segments/complete', {
      body: { expression: context.state.doc.toString(), offset: context.pos },
      signal: stop.signal,
    });
    if (!data || data.items.length === 0) return null;
    return {
      from: data.from,
      filter: false,
      options: data.items.map((item) => ({
        label: item.label,
        apply: item.insert,
        detail: item.detail,
        type: kKinds[item.kind] ?? 'text',
      })),
    };
  } catch {
    return null;
  }
}

function diagnosticOf(problem: Problem, length: number): Diagnostic[] {
  if (!problem.place) return [];
  const from = Math.min(problem.place.offset, length);
  const to = Math.min(Math.max(from + problem.place.length, from + 1), length);
  return [{ from: from === to && from > 0 ? from - 1 : from, to, severity: 'error', message: problem.detail }];
}

export function TextEditor({
  text,
  problem,
  onChange,
}: {
  text: string;
  problem: Problem | null;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const change = useRef(onChange);
  change.current = onChange;
  const label = t('expression.editor');

  useEffect(() => {
    if (!host.current) return;
    const attributes = new Compartment();
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          ...(nonce ? [EditorView.cspNonce.of(nonce)] : []),
          history(),
          closeBrackets(),
          bracketMatching(),
          lintGutter(),
          expressionLanguage,
          autocompletion({ override: [complete], activateOnTyping: true, icons: false }),
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          attributes.of(EditorView.contentAttributes.of({ 'aria-label': label })),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((one) => one.isUserEvent('sync')))
              change.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
    // The text is only what the editor starts with; later ones come in below.
  }, [label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text }, userEvent: 'sync' });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, problem ? diagnosticOf(problem, editor.state.doc.length) : []));
  }, [problem]);

  return <div ref={host} className="text-editor" />;
}
