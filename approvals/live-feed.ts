/**
 * Keeps one line of live updates to the backend: server-sent events, reconnecting with `Last-Event-ID`; polling while a
 * proxy in between does not let the stream through. What happened during a gap is made up for by reading the list.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ApprovalRequest, LiveEvent } from '#core/wire/approval.ts';
import type { Blocked } from '#core/wire/protocol.ts';
import { readLiveEvent } from './answers.ts';
import { createEventParser } from '#core/wire/event-stream.ts';
import { type HttpSettings, reasonOf, refusal } from './http.ts';
import type { LinkStatus, Outcome } from './port.ts';

/** All in milliseconds. */
export interface Pace {
  /** First wait after a lost connection; doubled each time up to `longest`, with jitter. */
  readonly shortest: number;
  readonly longest: number;
  /** A stream that says nothing for so long, not even a heartbeat, counts as lost. The backend's heartbeat is 15 s. */
  readonly silence: number;
  /** The backend writes a comment as soon as the stream is open; a proxy that holds it back longer than this buffers. */
  readonly firstByte: number;
  /** Between two looks while polling. */
  readonly poll: number;
  /** How long to poll before the stream is tried again. */
  readonly pollFor: number;
}

export const defaultPace: Pace = { shortest: 250, longest: 15_000, silence: 45_000, firstByte: 5_000, poll: 2_000, pollFor: 60_000 };

/** A stream that ended this often in a row without one byte is taken for blocked by a proxy: polling begins. */
const FRUITLESS_STREAMS = 2;

export interface Watch {
  readonly http: HttpSettings;
  readonly pace: Pace;
  readonly signal: AbortSignal;
  readonly onEvent: (event: LiveEvent) => void;
  readonly onLink: (status: LinkStatus) => void;
  readonly list: () => Promise<Outcome<readonly ApprovalRequest[]>>;
}

type StreamEnd = { readonly kind: 'ended'; readonly fruitful: boolean; readonly why: string } | { readonly kind: 'refused'; readonly blocked: Blocked };

/** Runs until the signal is aborted. Never rejects. */
export async function watchBackend(watch: Watch): Promise<void> {
  const { pace, signal } = watch;
  const cursor = { id: '' };
  const newest = new Map<string, number>();
  let failures = 0;
  let fruitless = 0;
  let opened = false;
  while (!signal.aborted) {
    const end = await stream(watch, cursor, async () => {
      // After a gap the list tells what was missed, whether or not the server replays from the last id.
      if (opened) await catchUp(watch, newest);
      opened = true;
      watch.onLink({ link: 'live' });
    }, newest);
    if (signal.aborted) return;
    opened = true;
    if (end.kind === 'ended' && end.fruitful) {
      failures = 0;
      fruitless = 0;
    } else {
      failures += 1;
      if (end.kind === 'ended') fruitless += 1;
    }
    if (fruitless >= FRUITLESS_STREAMS && end.kind === 'ended' && await poll(watch, newest, end.why)) {
      failures = 0;
      fruitless = 0;
      continue;
    }
    if (signal.aborted) return;
    if (end.kind === 'refused') watch.onLink({ link: 'down', blocked: end.blocked });
    await wait(Math.min(pace.longest, pace.shortest * 2 ** Math.min(failures, 16)) * (0.5 + Math.random() / 2), signal);
  }
}

/** Polls for `pollFor`; false when the very first look fails, so that the caller backs off. */
async function poll(watch: Watch, newest: Map<string, number>, why: string): Promise<boolean> {
  const until = performance.now() + watch.pace.pollFor;
  let worked = false;
  while (!watch.signal.aborted && performance.now() < until) {
    const failed = await catchUp(watch, newest);
    if (failed !== undefined) {
      if (!watch.signal.aborted) watch.onLink({ link: 'down', blocked: failed });
      return worked;
    }
    if (!worked) watch.onLink({ link: 'polling', why });
    worked = true;
    await wait(watch.pace.poll, watch.signal);
  }
  return worked;
}

async function catchUp({ list, onEvent, signal }: Watch, newest: Map<string, number>): Promise<Blocked | undefined> {
  const answer = await list();
  if (signal.aborted) return undefined;
  if (!answer.ok) return answer.blocked;
  for (const request of answer.value) {
    if ((newest.get(request.id) ?? -1) >= request.updatedAt) continue;
    newest.set(request.id, request.updatedAt);
    onEvent({ type: 'request', request });
  }
  return undefined;
}

async function stream({ http, pace, signal, onEvent }: Watch, cursor: { id: string }, onOpen: () => Promise<void>, newest: Map<string, number>): Promise<StreamEnd> {
  const idle = new AbortController();
  let timer = setTimeout(() => idle.abort(), pace.firstByte);
  let fruitful = false;
  try {
    const response = await fetch(`${http.base}/v1/events`, {
      headers: {
        accept: 'text/event-stream', authorization: `Bearer ${await http.token()}`, 'cache-control': 'no-store',
        ...(cursor.id === '' ? {} : { 'last-event-id': cursor.id }),
      },
      redirect: 'error',
      signal: AbortSignal.any([signal, idle.signal]),
    });
    if (!response.ok) {
      const body: unknown = await response.json().catch(() => undefined);
      return { kind: 'refused', blocked: refusal(http.name, response.status, body) };
    }
    if (response.body === null || !(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
      await response.body?.cancel();
      return { kind: 'ended', fruitful: false, why: 'something between here and the backend does not let its event stream through' };
    }
    const parser = createEventParser(cursor.id);
    await onOpen();
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer);
      timer = setTimeout(() => idle.abort(), pace.silence);
      fruitful = true;
      for (const event of parser.push(chunk)) {
        cursor.id = event.id;
        const live = readLiveEvent(event.event, event.data);
        if (live?.type === 'request') newest.set(live.request.id, live.request.updatedAt);
        if (live !== undefined) onEvent(live);
      }
    }
    return { kind: 'ended', fruitful, why: 'the event stream ended at once' };
  } catch (error) {
    if (idle.signal.aborted) return { kind: 'ended', fruitful, why: 'the event stream fell silent' };
    const why = reasonOf(error);
    return fruitful
      ? { kind: 'ended', fruitful, why }
      : { kind: 'refused', blocked: { code: 'backend-unreachable', message: `${http.name} can't be reached (${why}).` } };
  } finally {
    clearTimeout(timer);
  }
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
