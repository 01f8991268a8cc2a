// One expression, as text and as tree, always in sync: whichever side is edited, the server works out the other.
// Steps can be taken back; a request overtaken by a later edit is given up.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api } from '../api/client';
import { asProblem, type Problem } from '../api/problem';
import { kEverybody, type Tree } from './tree';

const kTypingMs = 140;
const kEverybodyText = 'all customers';

interface Parsed {
  text: string;
  tree: Tree;
  sentence: string;
}

async function parse(body: { expression: string } | { tree: Tree }, signal: AbortSignal): Promise<Parsed> {
  const sent = 'tree' in body ? { tree: body.tree as unknown as Record<string, unknown> } : body;
  const { data } = await api.POST('/segments/parse', { body: sent, signal });
  if (!data) throw new Error('no answer');
  return { text: data.text, tree: data.tree as unknown as Tree, sentence: data.sentence };
}

export interface ExpressionState {
  text: string; // as typed
  tree: Tree; // of the last text that was right
  good: string; // that text
  sentence: string;
  problem: Problem | null;
  wrong: 'text' | 'tree'; // which of the two the problem is about
  pending: boolean; // `good` and `sentence` are of before the latest edit
  setText: (text: string) => void;
  setTree: (tree: Tree) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
}

export function useExpression(initial: string): ExpressionState {
  const [text, setTextNow] = useState(initial);
  const [parsed, setParsed] = useState<Parsed>({ text: '', tree: kEverybody, sentence: '' });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wrong, setWrong] = useState<'text' | 'tree'>('text');
  const [pending, setPending] = useState(true);
  const [steps, setSteps] = useState<{ texts: string[]; at: number }>({ texts: [], at: -1 });
  const running = useRef<AbortController | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const begin = useCallback(() => {
    clearTimeout(timer.current);
    running.current?.abort();
    running.current = new AbortController();
    setPending(true);
    return running.current.signal;
  }, []);

  const take = useCallback((answer: Parsed, keepText: boolean, isStep: boolean) => {
    setParsed(answer);
    setProblem(null);
    setPending(false);
    if (!keepText) setTextNow(answer.text);
    if (isStep) {
      setSteps(({ texts, at }) => {
        if (texts[at] === answer.text) return { texts, at };
        const kept = [...texts.slice(0, at + 1), answer.text];
        return { texts: kept, at: kept.length - 1 };
      });
    }
  }, []);

  const failed = useCallback((error: unknown, signal: AbortSignal, of: 'text' | 'tree') => {
    if (signal.aborted) return;
    setProblem(asProblem(error));
    setWrong(of);
    setPending(false);
  }, []);

  const readText = useCallback(
    (next: string, isStep: boolean) => {
      const signal = begin();
      const expression = next.trim() === '' ? kEverybodyText : next;
      parse({ expression }, signal)
        .then((answer) => !signal.aborted && take(answer, isStep, isStep))
        .catch((error: unknown) => failed(error, signal, 'text'));
    },
    [begin, take, failed],
  );

  const setText = useCallback(
    (next: string) => {
      begin();
      setTextNow(next);
      timer.current = setTimeout(() => readText(next, true), kTypingMs);
    },
    [begin, readText],
  );

  const setTree = useCallback(
    (tree: Tree) => {
      const signal = begin();
      setParsed((before) => ({ ...before, tree }));
      parse({ tree }, signal)
        .then((answer) => !signal.aborted && take(answer, false, true))
        .catch((error: unknown) => failed(error, signal, 'tree'));
    },
    [begin, take, failed],
  );

  useEffect(() => {
    setTextNow(initial);
    readText(initial, true);
    return () => running.current?.abort();
  }, [initial, readText]);

  // The sentence and the mistakes in the language just chosen.
  const { i18n } = useTranslation();
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    const again = () => readText(latest.current, false);
    i18n.on('languageChanged', again);
    return () => i18n.off('languageChanged', again);
  }, [i18n, readText]);

  const go = (at: number) => () => {
    const next = steps.texts[at];
    if (next === undefined) return;
    setSteps({ texts: steps.texts, at });
    setTextNow(next);
    readText(next, false);
  };

  return {
    text,
    tree: parsed.tree,
    good: parsed.text,
    sentence: parsed.sentence,
    problem,
    wrong,
    pending,
    setText,
    setTree,
    undo: steps.at > 0 ? go(steps.at - 1) : null,
    redo: steps.at < steps.texts.length - 1 ? go(steps.at + 1) : null,
  };
}
