// What went wrong with a request, in the server's words (RFC 9457), which are in the user's language; without an answer, in
// ours.
import { i18next } from '../i18n';

export interface FieldError {
  pointer?: string;
  detail: string;
}

export class Problem extends Error {
  constructor(
    readonly status: number, // 0: no answer at all
    readonly key: string,
    readonly detail: string,
    readonly errors: FieldError[] = [],
    readonly place?: { offset: number; length: number },
    readonly suggestion?: string,
  ) {
    super(detail);
    this.name = 'Problem';
  }

  get isOffline(): boolean {
    return this.status === 0;
  }
}

interface Body {
  key?: string;
  detail?: string;
  errors?: FieldError[];
  offset?: number;
  length?: number;
  suggestion?: string;
}

export async function problemOf(response: Response): Promise<Problem> {
  let body: Body = {};
  if ((response.headers.get('content-type') ?? '').includes('json')) {
    body = (await response
      .clone()
      .json()
      .catch(() => ({}))) as Body;
  }
  const place = body.offset === undefined ? undefined : { offset: body.offset, length: body.length ?? 1 };
  return new Problem(
    response.status,
    body.key ?? `http.${response.status}`,
    body.detail ?? i18next.t('shell.error.status', { status: response.status }),
    body.errors,
    place,
    body.suggestion,
  );
}

export function noAnswer(): Problem {
  return new Problem(0, 'network', i18next.t('shell.error.offline_detail'));
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem(-1, 'console', detail);
}
