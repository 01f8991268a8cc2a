// Colours of the expression language for the editor.
import { HighlightStyle, StreamLanguage, syntaxHighlighting, type StreamParser } from '@codemirror/language';
import { tags } from '@lezer/highlight';

const kKeywords = new Set(
  ('and or not where in is missing known within last next more than days ago on between since before this all customers top by ' +
    'sample seed percentile average median contains starts with minutes hours weeks months years minute hour day week month ' +
    'quarter year true false').split(' '),
);
const kFunctions = new Set(
  'any count sum avg min max first last distinct segment was_in list tag reachable subscribed average median'.split(' '),
);

const parser: StreamParser<null> = {
  name: 'shuke-expression',
  startState: () => null,
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^["“”]([^"“”]*)["“”]?/)) return 'string';
    if (stream.match(/^\d{4}-\d{2}-\d{2}/)) return 'number';
    if (stream.match(/^\d+(\.\d+)?%?/)) return 'number';
    if (stream.match(/^[=!<>＝≥≤≠+\-*/]+/)) return 'operator';
    if (stream.match(/^[()（）[\],，.]/)) return 'bracket';
    const word = stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u);
    if (word && word !== true) {
      const text = (word[0] ?? '').toLowerCase();
      if (kFunctions.has(text) && stream.match(/^\s*[(（]/, false)) return 'keyword';
      return kKeywords.has(text) ? 'keyword' : 'variableName';
    }
    stream.next();
    return null;
  },
};

export const expressionLanguage = [
  StreamLanguage.define(parser),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
      { tag: tags.string, color: 'var(--code-string)' },
      { tag: tags.number, color: 'var(--code-number)' },
      { tag: tags.operator, color: 'var(--ink-2)' },
      { tag: tags.variableName, color: 'var(--ink)' },
    ]),
  ),
];
