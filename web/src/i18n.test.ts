// Aim     both languages are complete and say the same: no empty word, the same {{variables}}, and every key that the source
//         asks for by name exists.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { registered, type Words } from './i18n';

const modules = import.meta.glob(['./**/words.ts', './**/*_words.ts'], { eager: true });
const insight = import.meta.glob('./pages/insight/analyses/*.tsx', { query: '?raw', import: 'default', eager: true });

function leaves(words: Words, path: string): [string, readonly [string, string]][] {
  return Object.entries(words).flatMap(([key, value]) =>
    Array.isArray(value) ? [[`${path}.${key}`, value as unknown as readonly [string, string]]] : leaves(value as Words, `${path}.${key}`),
  );
}

const all = Object.entries(registered).flatMap(([page, pairs]) => leaves(pairs, page));
const variables = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe('words', () => {
  it('are registered by every page', () => {
    expect(Object.keys(modules).length).toBeGreaterThan(8);
    expect(all.length).toBeGreaterThan(300);
  });
  it.each(all)('%s says the same in both languages', (_, [chinese, english]) => {
    expect(chinese.trim()).not.toBe('');
    expect(english.trim()).not.toBe('');
    expect(variables(chinese)).toEqual(variables(english));
  });
  it('exist for every key the source names', () => {
    const known = new Set(all.map(([key]) => key));
    const here = Object.keys(insight).length > 0; // words of an analysis stand in its own file
    expect(here).toBe(true);
    const missing: string[] = [];
    for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(file) || file.endsWith('.test.ts')) continue;
      const source = readFileSync(`src/${file}`, 'utf8');
      for (const match of source.matchAll(/\bt\('([\w.-]+)'/g)) {
        const key = match[1] ?? '';
        if (!known.has(key) && !key.startsWith('rfm.')) missing.push(`${file}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });
});
