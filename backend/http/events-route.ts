/**
 * `GET /v1/events`: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Each watcher sees only
 * what it may see; ids are audit sequences; `Last-Event-ID` replays what was missed.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { LiveEvent } from '#core/wire/approval.ts';
import type { Feed, Notice } from '../events/feed.ts';
import type { Subject } from '../identity/identity.ts';
import { mayView } from '../requests/visibility.ts';
import type { ToWire } from '../requests/wire.ts';
import type { Reads, StoredRequest } from '../store/store.ts';
import { securityHeaders, type App } from './app.ts';
import { subjectOf } from './authentication.ts';

export interface EventsDeps {
  readonly feed: Feed;
  readonly reads: Reads;
  readonly toWire: ToWire;
  /** Milliseconds between comments that keep proxies from closing the stream. */
  readonly heartbeatMs: number;
  /** Milliseconds after which it is looked again who watches: a withdrawn token or role does not watch on. */
  readonly recheckMs: number;
}

interface Watcher {
  subject: Subject;
  /** The same for watchers who see the same: everything that the right to see depends on. */
  sees: string;
  readonly response: ServerResponse;
  /** Notices below are already written or replayed. */
  seen: number;
}

/** A watcher that is this many bytes behind is cut off; it comes back with its last id and is told the rest. */
const maxBehind = 4_194_304;
/** More watchers than this are told together every so often instead of at once. */
const crowd = 16;
const crowdPauseMs = 20;
/** Records that a replay goes back at most; older watchers are told to list again. */
const replayLimit = 5_000;

export function addEvents(app: App, { feed, reads, toWire, heartbeatMs, recheckMs }: EventsDeps): void {
  const watchers = new Set<Watcher>();
  let tail = Promise.resolve();

  async function deliver(notices: readonly Notice[], targets: readonly Watcher[]): Promise<void> {
    const last = notices.at(-1)?.seq ?? 0;
    const behind = alike(targets.filter((watcher) => watcher.seen < last && !watcher.response.writableEnded));
    if (behind.length === 0) return;
    // A request that changed three times in one batch is shown once, as it is now.
    const newest = new Map(notices.flatMap((notice) => (notice.type === 'request' ? [[notice.request, notice.seq] as const] : [])));
    // Asked for together: the store answers them in one go.
    const requests = new Map(await Promise.all([...newest.keys()].map(async (id) => [id, await reads.request(id)] as const)));
    /** What everybody but the requester gets of a notice. */
    const shared = new Map<Notice, string>();
    for (const { subject, seen, watchers } of behind) {
      let text = '';
      for (const notice of notices) {
        if (notice.seq <= seen || (notice.type === 'request' && newest.get(notice.request) !== notice.seq)) continue;
        const request = notice.type === 'policy' ? undefined : requests.get(notice.request);
        if (notice.type !== 'policy' && !(request && mayView(subject, request))) continue;
        const own = request !== undefined && subject.id === request.requester.id;
        const framed = (own ? undefined : shared.get(notice)) ?? (await frame(notice, request, subject));
        if (!own) shared.set(notice, framed);
        text += framed;
      }
      // One write each, of bytes that are made once: a crowd costs a system call a head, and nothing else.
      const bytes = Buffer.from(text);
      for (const watcher of watchers) {
        watcher.seen = Math.max(watcher.seen, last);
        write(watcher, bytes);
      }
    }
  }

  async function frame(notice: Notice, request: StoredRequest | undefined, viewer: Subject): Promise<string> {
    let event: LiveEvent;
    if (notice.type === 'policy') event = { type: 'policy', policyVersion: notice.policyVersion };
    else if (notice.type === 'grant-revoked') event = { type: 'grant-revoked', grant: notice.grant, request: notice.request };
    else if (request) event = { type: 'request', request: await toWire(request, viewer) };
    else return '';
    // A revocation is followed by its request under the same sequence, which carries the id: a break in between repeats both.
    const id = notice.type === 'grant-revoked' ? '' : `id: ${notice.seq}\n`;
    return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  }

  function write(watcher: Watcher, text: string | Uint8Array): void {
    if (text.length === 0 || watcher.response.writableEnded) return;
    watcher.response.write(text);
    if (watcher.response.writableLength > maxBehind) watcher.response.destroy();
  }

  let waiting: Notice[] = [];
  const stopFeed = feed.subscribe((notices) => {
    const scheduled = waiting.length > 0;
    waiting.push(...notices);
    if (scheduled) return;
    // One after the other, so that no watcher sees events out of order; what comes meanwhile goes together.
    tail = tail
      .then(() => (watchers.size > crowd ? pause(crowdPauseMs) : undefined))
      .then(() => {
        const batch = waiting;
        waiting = [];
        return deliver(batch, [...watchers]);
      })
      .catch(() => undefined);
  });
  const heartbeat = setInterval(() => {
    for (const watcher of watchers) write(watcher, ': still here\n\n');
  }, heartbeatMs);
  heartbeat.unref();
  app.addHook('preClose', async () => {
    stopFeed();
    clearInterval(heartbeat);
    for (const watcher of watchers) watcher.response.end();
  });

  app.get('/v1/events', { schema: { summary: 'Live events (text/event-stream)', response: { 200: { description: 'A stream of LiveEvent', content: { 'text/event-stream': { schema: { type: 'string' } } } } } } }, (request, reply) => {
    const subject = subjectOf(request);
    const lastId = Number(request.headers['last-event-id'] ?? Number.NaN);
    reply.hijack();
    const response = reply.raw;
    // The end of the connection is the end of the stream: no chunks, so one write is one system call.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, { ...securityHeaders, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    response.flushHeaders();
    const watcher: Watcher = { subject, sees: JSON.stringify(subject), response, seen: 0 };
    const recheck = setInterval(() => {
      void request.subjectNow().then((now) => {
        // The client comes back, and is told why it may not.
        if (!now) response.end();
        else if (JSON.stringify(now) !== watcher.sees) {
          watcher.subject = now;
          watcher.sees = JSON.stringify(now);
        }
      });
    }, recheckMs);
    recheck.unref();
    response.on('close', () => {
      clearInterval(recheck);
      watchers.delete(watcher);
    });
    // In line with deliveries: nothing is missed or doubled between the replay and the live stream.
    tail = tail
      .then(async () => {
        watcher.seen = (await reads.auditHead()).seq;
        // Only now: whoever has read this is told of everything that is committed from here on.
        write(watcher, 'retry: 1000\n: open\n\n');
        if (Number.isInteger(lastId) && lastId >= 0) {
          const missed = await feed.since(lastId, replayLimit);
          if (missed === undefined) write(watcher, 'event: reset\ndata: {}\n\n');
          else {
            watcher.seen = lastId;
            await deliver(missed, [watcher]);
          }
        }
        if (response.writableEnded || response.destroyed) return;
        watchers.add(watcher);
      })
      .catch(() => {
        response.destroy();
      });
  });
}

/** Watchers who are due the same text. */
interface Alike { readonly subject: Subject; readonly seen: number; readonly watchers: Watcher[] }

function alike(watchers: readonly Watcher[]): readonly Alike[] {
  const groups = new Map<string, Alike>();
  for (const watcher of watchers) {
    const key = `${watcher.seen} ${watcher.sees}`;
    const group = groups.get(key);
    if (group) group.watchers.push(watcher);
    else groups.set(key, { subject: watcher.subject, seen: watcher.seen, watchers: [watcher] });
  }
  return [...groups.values()];
}
