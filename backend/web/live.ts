/** Keeps the inbox live: the event stream by `fetch`, which tells a refusal from a lost line; reconnecting, catching up. */
import type { LiveEvent } from '#core/wire/approval.ts';
import { createEventParser } from '#core/wire/event-stream.ts';
import type { Api } from './api.ts';

export type Link = 'connecting' | 'live' | 'lost';

export interface LiveHandlers {
  readonly onEvent: (event: LiveEvent) => void;
  readonly onLink: (link: Link) => void;
  /** Called each time the stream is open: read the list, since something may have happened in between. */
  readonly onOpen: () => void;
  /** The session has ended. */
  readonly onSignedOut: () => void;
}

/** Milliseconds. The backend sends a heartbeat every 15 s. */
const SILENCE_MS = 45_000;
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Runs until the signal is aborted. */
export async function followLive(api: Api, handlers: LiveHandlers, signal: AbortSignal): Promise<void> {
  let lastId = '';
  let failures = 0;
  while (!signal.aborted) {
    const idle = new AbortController();
    let timer = setTimeout(() => idle.abort(), SILENCE_MS);
    try {
      const response = await api.events(lastId, AbortSignal.any([signal, idle.signal]));
      if (response.status === 401) return handlers.onSignedOut();
      if (!response.ok || response.body === null) throw new TypeError('no stream');
      handlers.onLink('live');
      handlers.onOpen();
      const parser = createEventParser(lastId);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(timer);
        timer = setTimeout(() => idle.abort(), SILENCE_MS);
        failures = 0;
        for (const { id, event, data } of parser.push(part.value)) {
          lastId = id;
          const live = read(event, data);
          if (live !== undefined) handlers.onEvent(live);
        }
      }
    } catch {
      // Falls through to the wait: the reviewer sees "reconnecting" and loses nothing.
    } finally {
      clearTimeout(timer);
    }
    if (signal.aborted) return;
    handlers.onLink('lost');
    failures += 1;
    await wait(Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** Math.min(failures, 10)), signal);
  }
}

function read(type: string, data: string): LiveEvent | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && (type === 'request' || type === 'grant-revoked' || type === 'policy')
      ? { ...value, type } as LiveEvent
      : undefined;
  } catch {
    return undefined;
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
