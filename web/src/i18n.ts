// The two languages. Each page brings its own words (words('today', {...})), every one as a pair [Chinese, English],
// so that neither language can lack one; they arrive with the page's chunk. "one | many" of the English one is chosen by
// {{count}}, which is written as a number of the language: {{count, number}}.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export type Language = 'zh-CN' | 'en';
export type Words = { [key: string]: readonly [chinese: string, english: string] | Words };

const kLanguageKey = 'shuke.language';

export const registered: Record<string, Words> = {};

const kOneOrMany = ' | ';

function said(key: string, text: string): [string, string][] {
  const [one, many] = text.split(kOneOrMany);
  return many === undefined ? [[key, text]] : [[`${key}_one`, one ?? ''], [`${key}_other`, many]];
}

function half(words: Words, index: 0 | 1): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(words).flatMap(([key, value]): [string, unknown][] =>
      Array.isArray(value) ? said(key, (value as readonly string[])[index] ?? '') : [[key, half(value as Words, index)]],
    ),
  );
}

export function words(page: string, pairs: Words): void {
  registered[page] = pairs;
  i18next.addResourceBundle('zh-CN', 'translation', { [page]: half(pairs, 0) }, true, true);
  i18next.addResourceBundle('en', 'translation', { [page]: half(pairs, 1) }, true, true);
}

export function storedLanguage(): Language {
  const stored = globalThis.localStorage?.getItem(kLanguageKey);
  if (stored === 'en' || stored === 'zh-CN') return stored;
  const preferred = globalThis.navigator?.language ?? 'zh-CN';
  return preferred.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'zh-CN';
}

export function setLanguage(language: Language): void {
  localStorage.setItem(kLanguageKey, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

void i18next.use(initReactI18next).init({
  lng: storedLanguage(),
  fallbackLng: 'zh-CN',
  resources: { 'zh-CN': { translation: {} }, en: { translation: {} } },
  interpolation: { escapeValue: false },
  returnNull: false,
  initAsync: false,
  showSupportNotice: false,
});
if (globalThis.document) document.documentElement.lang = currentLanguage();

export { i18next };
