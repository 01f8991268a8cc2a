// The typed client of the server. Every failed request throws a Problem; a lost session is told to whoever listens.
import createFetch, { type Middleware } from 'openapi-fetch';
import createHooks from 'openapi-react-query';

import { currentLanguage } from '../i18n';
import { apiBase } from '../place';
import { noAnswer, problemOf } from './problem';
import type { paths } from './schema';

let csrfToken = '';
let onSignedOut: () => void = () => undefined;

export function setCsrfToken(token: string | undefined): void {
  csrfToken = token ?? '';
}

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export function requestHeaders(method: string): Record<string, string> {
  const headers: Record<string, string> = { 'Accept-Language': currentLanguage() };
  if (method !== 'GET' && csrfToken) headers['X-CSRF-Token'] = csrfToken;
  return headers;
}

const middleware: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(requestHeaders(request.method))) request.headers.set(name, value);
    return request;
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return response;
    if (response.status === 401 && !schemaPath.startsWith('/session')) onSignedOut();
    throw await problemOf(response);
  },
  onError({ error }) {
    return error instanceof DOMException && error.name === 'AbortError' ? error : noAnswer();
  },
};

export const api = createFetch<paths>({ baseUrl: apiBase, credentials: 'same-origin' });
api.use(middleware);

export const hooks = createHooks(api);
