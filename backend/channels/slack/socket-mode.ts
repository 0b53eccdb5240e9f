/** Socket Mode: Slack's events over a connection that we open, for backends that nothing can reach from outside. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Acknowledgement } from './interaction.ts';

export interface SocketModeDeps {
  /** Asks `apps.connections.open` for the address of a connection; `undefined` when it did not work. */
  readonly open: () => Promise<string | undefined>;
  readonly onInteraction: (payload: unknown) => Promise<Acknowledgement>;
  readonly onError: (what: string) => void;
  /** Milliseconds: first and longest wait between two tries. */
  readonly wait: { readonly shortest: number; readonly longest: number };
}

/** Runs until the signal is aborted. Slack closes each connection now and then ("refresh"): a new one follows at once. */
export async function runSocketMode(deps: SocketModeDeps, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const address = await deps.open();
    const held = address !== undefined && isSocketAddress(address) ? await hold(address, deps, signal) : false;
    if (signal.aborted) return;
    failures = held ? 0 : failures + 1;
    if (!held) deps.onError('Socket Mode: no connection');
    await delay(held ? deps.wait.shortest : Math.min(deps.wait.longest, deps.wait.shortest * 2 ** Math.min(failures, 12)), undefined, { signal }).catch(() => {});
  }
}

/** Resolves when the connection has ended; true when Slack had greeted. */
function hold(address: string, deps: SocketModeDeps, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    let greeted = false;
    const close = (): void => socket.close();
    signal.addEventListener('abort', close, { once: true });
    socket.addEventListener('message', (message) => {
      const frame = parse(message.data);
      if (frame?.type === 'hello') greeted = true;
      else if (frame?.type === 'disconnect') socket.close();
      else if (frame?.type === 'interactive' && typeof frame.envelope_id === 'string') {
        void acknowledge(socket, frame.envelope_id, frame.payload, deps);
      } else if (typeof frame?.envelope_id === 'string') socket.send(JSON.stringify({ envelope_id: frame.envelope_id }));
    });
    // An error is always followed by a close.
    socket.addEventListener('close', () => {
      signal.removeEventListener('abort', close);
      resolve(greeted);
    });
  });
}

async function acknowledge(socket: WebSocket, envelope: string, payload: unknown, deps: SocketModeDeps): Promise<void> {
  try {
    const { body, after } = await deps.onInteraction(payload);
    socket.send(JSON.stringify({ envelope_id: envelope, ...(body === undefined ? {} : { payload: body }) }));
    await after?.();
  } catch {
    deps.onError('Socket Mode: an interaction failed');
  }
}

/** Encrypted, or on this machine (tests). */
function isSocketAddress(address: string): boolean {
  return URL.canParse(address) && (address.startsWith('wss://') || new URL(address).hostname === '127.0.0.1');
}

function parse(data: unknown): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = typeof data === 'string' ? JSON.parse(data) : undefined;
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
