/** JSON over HTTP to an approval backend: every failure becomes a `Blocked` with the way out, never an exception. */
import type { Problem } from '#core/wire/approval.ts';
import type { Blocked } from '#core/wire/protocol.ts';
import type { Outcome } from './port.ts';

export interface HttpSettings {
  /** Base address without a trailing slash. */
  readonly base: string;
  /** Shown in messages. */
  readonly name: string;
  /** Asked before every call, so that a refreshed token is used at once. */
  readonly token: () => Promise<string> | string;
  /** Milliseconds for one call, answer included. */
  readonly timeoutMs: number;
  /** Called with the header of the same name, for gateways that rotate the token while it is used. */
  readonly onNewToken?: (token: string) => void;
}

export interface JsonCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with a slash; parts that come from outside are already percent-encoded. */
  readonly path: string;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export interface JsonAnswer { readonly status: number; readonly body: unknown }

/** An answer larger than this (UTF-16 units) is refused. */
const MAX_ANSWER = 32 * 1024 * 1024;

export function blocked<T>(code: Blocked['code'], message: string): Outcome<T> {
  return { ok: false, blocked: { code, message } };
}

/**
 * Why an address may not be used, or `undefined`. Plain HTTP only where nobody can listen in: on this machine itself.
 */
export function addressProblem(address: string): string | undefined {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return `"${address}" is not an address. Set it to the backend's URL, for example https://pii-gate.example.com.`;
  }
  if (url.username !== '' || url.password !== '') return 'The backend\'s address must not hold a password. Sign in instead.';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return undefined;
  return `${url.origin} is not encrypted. Use https; plain http is allowed on this machine only.`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Sends one request. Refusals (4xx with problem details) and failures come back as `Blocked`. */
export async function callJson(settings: HttpSettings, call: JsonCall): Promise<Outcome<JsonAnswer>> {
  if (call.signal.aborted) return cancelled();
  const timeUp = AbortSignal.timeout(settings.timeoutMs);
  try {
    const response = await fetch(settings.base + call.path, {
      method: call.method,
      headers: {
        accept: 'application/json, application/problem+json',
        authorization: `Bearer ${await settings.token()}`,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      // A redirect could carry the token to another host.
      redirect: 'error',
      signal: AbortSignal.any([call.signal, timeUp]),
    });
    const rotated = response.headers.get('x-new-access-token');
    if (rotated !== null && rotated !== '') settings.onNewToken?.(rotated);
    const text = await response.text();
    if (text.length > MAX_ANSWER) return blocked('backend-unreachable', `${settings.name} sent an answer that is too large.`);
    const body: unknown = text === '' ? undefined : parse(text);
    if (response.ok) return { ok: true, value: { status: response.status, body } };
    return { ok: false, blocked: refusal(settings.name, response.status, body) };
  } catch (error) {
    if (call.signal.aborted) return cancelled();
    if (timeUp.aborted) return blocked('backend-unreachable', `${settings.name} did not answer within ${Math.round(settings.timeoutMs / 1000)} s.`);
    return blocked('backend-unreachable', `${settings.name} can't be reached (${reasonOf(error)}). Nothing was run.`);
  }
}

export function cancelled<T>(): Outcome<T> {
  return blocked('cancelled', 'Cancelled.');
}

/** A short technical cause such as `ECONNREFUSED`; never the error's whole text, which may quote what was sent. */
export function reasonOf(error: unknown): string {
  const seen = new Set<unknown>();
  for (let e: unknown = error; typeof e === 'object' && e !== null && !seen.has(e); e = 'cause' in e ? e.cause : undefined) {
    seen.add(e);
    if ('code' in e && typeof e.code === 'string') return e.code;
  }
  return error instanceof SyntaxError ? 'not JSON' : 'connection failed';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An HTML error page of a proxy, for instance. The caller's shape check refuses `undefined`.
    return undefined;
  }
}

const codes: readonly string[] = [
  'needs-reason', 'denied', 'expired', 'cancelled', 'unauthorized', 'untrusted-key', 'grant-invalid', 'grant-used',
  'statement-changed', 'read-only', 'policy-denies', 'changes-requested', 'revoked',
] satisfies readonly Blocked['code'][];

function isBlockedCode(code: unknown): code is Blocked['code'] {
  return typeof code === 'string' && codes.includes(code);
}

/** Maps an error answer to `Blocked`: by the problem's own code where it is one of ours, else by status. */
export function refusal(name: string, status: number, body: unknown): Blocked {
  const problem: Partial<Problem> & { readonly message?: string } = typeof body === 'object' && body !== null ? body : {};
  const detail = readable(problem.detail) ?? readable(problem.message) ?? readable(problem.title);
  if (isBlockedCode(problem.code)) return { code: problem.code, message: detail ?? `${name} refused (${status}).` };
  if (status === 401) return { code: 'unauthorized', message: detail ?? `${name} does not know you. Sign in again.` };
  if (status === 403) return { code: 'policy-denies', message: detail ?? `${name} does not allow this.` };
  if (status === 404) return { code: 'expired', message: detail ?? `${name} does not know this request (any more). Ask again.` };
  if (status === 409) return { code: 'grant-used', message: detail ?? `${name} says that this was used or decided already.` };
  if (status === 422) return { code: 'needs-reason', message: detail ?? `${name} wants to know more.` };
  if (status === 408 || status === 429 || status >= 500) {
    return { code: 'backend-unreachable', message: `${name} is not working now (${status})${detail === undefined ? '' : `: ${detail}`}. Try again.` };
  }
  return { code: 'grant-invalid', message: detail ?? `${name} refused (${status}).` };
}

/** Text from outside for one line of a message: no control characters, bounded. */
function readable(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
  return line === '' ? undefined : line.slice(0, 500);
}
