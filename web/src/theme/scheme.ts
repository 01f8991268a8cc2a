// Light, dark, or as the system has it; remembered in this browser.
import { useSyncExternalStore } from 'react';

export type Scheme = 'system' | 'light' | 'dark';

const kSchemeKey = 'shuke.scheme';
const system = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function stored(): Scheme {
  const value = localStorage.getItem(kSchemeKey);
  return value === 'light' || value === 'dark' ? value : 'system';
}

function isDark(): boolean {
  const scheme = stored();
  return scheme === 'dark' || (scheme === 'system' && system.matches);
}

function tell(): void {
  document.documentElement.dataset['scheme'] = isDark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

system.addEventListener('change', tell);
document.documentElement.dataset['scheme'] = isDark() ? 'dark' : 'light';

export function setScheme(scheme: Scheme): void {
  if (scheme === 'system') localStorage.removeItem(kSchemeKey);
  else localStorage.setItem(kSchemeKey, scheme);
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useScheme = (): Scheme => useSyncExternalStore(subscribe, stored);
export const useDark = (): boolean => useSyncExternalStore(subscribe, isDark);
