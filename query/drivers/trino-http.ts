/**
 * Trino's client protocol (trino.io/docs/current/develop/client-protocol.html): POST a statement, follow `nextUri`, DELETE
 * it to cancel. Written here rather than taken from `trino-client`, which sends the credentials to whatever host
 * `nextUri` names, rounds integers above 2^53 and can't be aborted.
 */
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';

export interface TrinoAnswer {
  readonly id: string;
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly (readonly unknown[])[];
  readonly updateCount?: number;
  readonly updateType?: string;
  readonly error?: { readonly message?: string; readonly errorName?: string; readonly errorType?: string; readonly errorLocation?: { readonly lineNumber: number; readonly columnNumber: number } };
}

export interface TrinoServer {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  /** False: the server's certificate is not checked. */
  readonly verify: boolean;
  /** Milliseconds without an answer. */
  readonly timeoutMs: number;
}

/** The HTTP status that ended a request; 401 and 403 are told apart by the driver. */
export class TrinoHttpError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** Statuses after which the protocol asks to try again. */
const RETRY = new Set([429, 502, 503, 504]);
const RETRY_MS = [50, 100, 200, 400, 800, 1600];

export function post(server: TrinoServer, statement: string, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<TrinoAnswer> {
  return exchange(server, 'POST', `${server.origin}/v1/statement`, headers, statement, signal);
}

export function follow(server: TrinoServer, uri: string, signal?: AbortSignal): Promise<TrinoAnswer> {
  return exchange(server, 'GET', own(server, uri), {}, undefined, signal);
}

export async function drop(server: TrinoServer, uri: string): Promise<void> {
  await send(server, 'DELETE', own(server, uri), {}, undefined);
}

/** Credentials go to the configured server only, whatever host the answer names. */
function own(server: TrinoServer, uri: string): string {
  const { pathname, search } = new URL(uri, server.origin);
  return `${server.origin}${pathname}${search}`;
}

async function exchange(server: TrinoServer, method: string, url: string, headers: Readonly<Record<string, string>>, body: string | undefined, signal?: AbortSignal): Promise<TrinoAnswer> {
  for (let attempt = 0; ; attempt++) {
    const { status, text } = await send(server, method, url, headers, body, signal);
    if (status === 200) return JSON.parse(text, exactIntegers) as TrinoAnswer;
    const wait = RETRY.has(status) ? RETRY_MS[attempt] : undefined;
    if (wait === undefined) throw new TrinoHttpError(status);
    await new Promise((resolve) => setTimeout(resolve, wait));
    signal?.throwIfAborted();
  }
}

/** Integers that a number can't hold become `bigint`: the reviver sees the source text (ECMAScript "JSON.parse source text access"). */
function exactIntegers(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && !Number.isSafeInteger(value) && context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

function send(server: TrinoServer, method: string, url: string, headers: Readonly<Record<string, string>>, body: string | undefined, signal?: AbortSignal): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const options = { method, headers: { ...server.headers, ...headers, ...(body === undefined ? {} : { 'content-type': 'text/plain; charset=utf-8' }) }, timeout: server.timeoutMs, ...(signal ? { signal } : {}) };
    const request = secure ? tlsRequest(url, { ...options, rejectUnauthorized: server.verify }) : plainRequest(url, options);
    request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    request.on('error', (error) => reject(signal?.aborted ? signal.reason : error));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', reject);
    });
    request.end(body);
  });
}
