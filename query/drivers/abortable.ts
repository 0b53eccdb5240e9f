/** What the network drivers share: a statement that ends by itself, by an abort, or by its time-out. */
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import { DatabaseError, type DatabaseErrorCode, type ExecuteOptions, timedOut } from './driver.ts';

/** A running statement's way to be stopped from outside. */
export interface Watch {
  /** Throws what stopped the statement: the signal's reason or the time-out. Nothing when it was not stopped. */
  check(): void;
  /** What stopped the statement, else the error given. */
  explain(error: unknown): unknown;
  dispose(): void;
}

/** Calls `cancel` once when the signal is aborted or the time is up. */
export function watchExecution({ signal, timeoutMs }: Pick<ExecuteOptions, 'signal' | 'timeoutMs'>, cancel: () => void): Watch {
  signal?.throwIfAborted();
  let stopped: { readonly reason: unknown } | undefined;
  const stop = (reason: unknown): void => {
    if (stopped) return;
    stopped = { reason };
    cancel();
  };
  const onAbort = (): void => stop(signal?.reason);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop(timedOut(timeoutMs)), timeoutMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    check() { if (stopped) throw stopped.reason; },
    explain: (error) => (stopped ? stopped.reason : error),
    dispose() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Cancels of one statement: sent over another connection, so the statement may be over before they arrive. */
export class Cancels {
  readonly #cancel: () => Promise<void>;
  readonly #giveUp: () => void;
  #sent: Promise<void> | undefined;

  /** @param giveUp drops the connection: the server can't be reached to cancel, so nobody waits for its answer any longer */
  constructor(cancel: () => Promise<void>, giveUp: () => void) {
    this.#cancel = cancel;
    this.#giveUp = giveUp;
  }

  /** Sends one cancel, however often it is asked for. Never rejects. */
  send(): Promise<void> {
    this.#sent ??= this.#cancel().catch(this.#giveUp);
    return this.#sent;
  }

  /** Resolves when the server has taken what was sent. */
  settled(): Promise<void> { return this.#sent ?? Promise.resolve(); }
}

/** Waits for a connection to be made; when the signal is aborted first, drops it and throws the signal's reason. */
export async function connecting(made: Promise<unknown>, drop: () => void, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => { reject(signal?.reason); drop(); };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([made, aborted]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // Whichever lost the race fails in silence.
    made.catch(() => undefined);
    aborted.catch(() => undefined);
  }
}

/** Servers on this machine are spoken to without TLS unless the settings ask for it; all others are verified. */
export function tlsOf({ tls, host }: Pick<ConnectionSettings, 'tls' | 'host'>): 'verify' | 'no-verify' | 'off' {
  return tls ?? (isLoopback(host) ? 'off' : 'verify');
}

export function isLoopback(host: string | undefined): boolean {
  return host === undefined || host === '' || host === 'localhost' || host === '::1' || host.startsWith('127.') || host.startsWith('/');
}

/** Errors of the socket and of TLS, the same whichever database is behind. */
export function networkError(error: unknown, settings: ConnectionSettings): DatabaseError | undefined {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const where = `${settings.host ?? 'localhost'}${settings.port === undefined ? '' : `:${settings.port}`}`;
  const make = (kind: DatabaseErrorCode, text: string): DatabaseError => new DatabaseError(kind, text);
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET', 'EPIPE', 'ENOENT'].includes(code)) return make('unreachable', `${settings.name}: nothing answers at ${where} (${code}). Is the server running and the port right?`);
  if (['ENOTFOUND', 'EAI_AGAIN'].includes(code)) return make('unreachable', `${settings.name}: the host name ${settings.host ?? ''} is not known.`);
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT' || code === 'ESOCKET' && /timeout/i.test(message)) return make('unreachable', `${settings.name}: ${where} did not answer in time. Is a firewall in between?`);
  if (code.startsWith('ERR_TLS') || code.startsWith('CERT_') || code.includes('CERT') || code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' || code === 'HANDSHAKE_SSL_ERROR' || code === 'HANDSHAKE_NO_SSL_SUPPORT' || /does not support SSL|self[- ]signed|certificate/i.test(message)) {
    return make('tls', `${settings.name}: the server's TLS could not be verified (${code || 'no TLS'}). Give the server a certificate that this machine trusts, or set "tls" to "no-verify" or "off" for this connection.`);
  }
  return undefined;
}

/** Milliseconds to wait for a connection. */
export const CONNECT_TIMEOUT_MS = 10_000;
