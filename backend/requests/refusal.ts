/** Expected ways for a request to the service to fail: values, turned into RFC 9457 problems at the HTTP boundary. */

export interface Refusal {
  readonly ok: false;
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 503;
  /** Stable, kebab-case; the codes of `Blocked` (core/wire/protocol.ts) where one fits. */
  readonly code: string;
  /** What happened and what to do, for people. No raw value. */
  readonly detail: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | Refusal;

export function done<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse(status: Refusal['status'], code: string, detail: string): Refusal {
  return { ok: false, status, code, detail };
}
