// Where the console is served: the server writes its base path into <base href>.
export const basePath = new URL(document.baseURI).pathname.replace(/\/$/, '');
export const apiBase = `${basePath}/api/v1`;

export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content || undefined;

// One-time links stand in the fragment, so that no server log ever holds their token: /#/setup?token=…
export function oneTimeToken(): string | null {
  const match = /^#\/setup\?(.*)$/.exec(window.location.hash);
  return match && new URLSearchParams(match[1]).get('token');
}
