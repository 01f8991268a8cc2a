// Aim     both languages are complete and say the same: no empty word, the same {{variables}}, every key that the source
//         asks for by name exists, and no word is kept that nothing asks for.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { i18next, registered, type Words } from './i18n';

const modules = import.meta.glob(['./**/words.ts', './**/*_words.ts'], { eager: true });
const insight = import.meta.glob('./pages/insight/analyses/*.tsx', { query: '?raw', import: 'default', eager: true });

function leaves(words: Words, path: string): [string, readonly [string, string]][] {
  return Object.entries(words).flatMap(([key, value]) =>
    Array.isArray(value) ? [[`${path}.${key}`, value as unknown as readonly [string, string]]] : leaves(value as Words, `${path}.${key}`),
  );
}

const all = Object.entries(registered).flatMap(([page, pairs]) => leaves(pairs, page));
const variables = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)(?:, \w+)?\}\}/g)].map((match) => match[1]))].sort();
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.ts$|schema\.ts$/.test(file))
  .map((file) => ({ file, source: readFileSync(`src/${file}`, 'utf8') }));
// t('page.key') and t(`page.part.${…}`), also where the key is chosen by a condition.
const named = sources.flatMap(({ file, source }) => [...source.matchAll(/['`]((?:[a-z_]\w*\.)+[\w.-]*)(['`]|\$\{)/g)].map(([, key, end]) => ({ file, key: key ?? '', whole: end !== '${' })));

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
    for (const { file, source } of sources) {
      for (const match of source.matchAll(/\bt\('([\w.-]+)'/g)) {
        const key = match[1] ?? '';
        if (!known.has(key) && !key.startsWith('rfm.')) missing.push(`${file}: ${key}`);
      }
    }
    expect(missing).toEqual([]);
  });
  it('are brought along by every file outside of their folder that uses them', () => {
    const homes = sources.flatMap(({ file, source }) => {
      const page = /words\.ts$/.test(file) ? /^words\('(\w+)'/m.exec(source)?.[1] : undefined;
      return page && page !== 'shell' ? [{ page, file, folder: file.slice(0, file.lastIndexOf('/') + 1) }] : [];
    });
    const missing = homes.flatMap(({ page, file, folder }) =>
      sources
        .filter((one) => new RegExp(`\\bt\\([^,)]*['\`]${page}\\.`).test(one.source) && !one.file.startsWith(folder))
        .filter((one) => !one.source.includes(`${file.slice(file.lastIndexOf('/') + 1, -3)}';`))
        .map((one) => `${one.file} needs ${file}`),
    );
    expect([...new Set(missing)]).toEqual([]);
  });
  it('are all asked for', () => {
    const asked = new Set(named.filter((one) => one.whole).map((one) => one.key));
    const begun = named.filter((one) => !one.whole).map((one) => one.key);
    expect(all.map(([key]) => key).filter((key) => !asked.has(key) && !begun.some((begin) => key.startsWith(begin)))).toEqual([]);
  });
  it('count as the language does', async () => {
    await i18next.changeLanguage('en');
    expect([1, 1234].map((count) => i18next.t('today.rows', { count }))).toEqual(['1 row', '1,234 rows']);
    await i18next.changeLanguage('zh-CN');
    expect([1, 1234].map((count) => i18next.t('today.rows', { count }))).toEqual(['1 行', '1,234 行']);
  });
});
