/**
 * Carries what happens to requests into the channels. It reads the audit trail's notices with a cursor of its own, after
 * the commit: a decision never waits for a channel. Each channel has its own line, so one that is slow or dead holds up
 * no other. At least once; receivers drop doubles by the delivery's id.
 */
import type { Feed } from '../events/feed.ts';
import type { Reads } from '../store/store.ts';
import type { Channel, DeliveryResult } from './channel.ts';
import type { Entry, OutboxStore } from './outbox-store.ts';
import { summarise } from './summary.ts';

export interface OutboxDeps {
  readonly store: OutboxStore;
  readonly feed: Feed;
  readonly reads: Pick<Reads, 'request' | 'auditHead'>;
  readonly channels: readonly Channel[];
  readonly inboxUrl: () => string;
  readonly now: () => number;
  readonly pace: OutboxPace;
  readonly onError: (where: string, error: unknown) => void;
}

/** All in milliseconds. */
export interface OutboxPace {
  /** Waits before the second, third, … try; after the last one the letter is dead. */
  readonly retries: readonly number[];
  /** A delivery that takes longer is given up and tried again. */
  readonly timeout: number;
}

/** As Standard Webhooks recommends: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. */
export const defaultPace: OutboxPace = {
  retries: [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000],
  timeout: 15_000,
};

/** Records that are looked at when the backend starts after a break. */
const REPLAY = 5_000;
/** Milliseconds before an outbox that could not be read is looked at again. */
const OUT_OF_REACH = 1_000;
/** Beyond the longest delivery: after so many milliseconds an entry that was taken and not settled is somebody else's. */
const LEASE_MARGIN = 15_000;

export interface Outbox {
  start(): Promise<void>;
  /** Looks for what is due now, in every channel. */
  wake(): void;
  /** Ends deliveries under way; what was not delivered waits on disk. */
  close(): Promise<void>;
}

export function createOutbox(deps: OutboxDeps): Outbox {
  const { store, feed, reads, channels, now, pace, onError } = deps;
  const stop = new AbortController();
  const lines = channels.map((channel) => createLine(channel));
  let enqueueing = Promise.resolve();
  let unsubscribe = (): void => {};

  async function enqueue(notices: readonly { readonly seq: number; readonly type: string; readonly request?: string }[]): Promise<void> {
    const last = notices.at(-1)?.seq;
    if (last === undefined) return;
    const ids = new Set(notices.flatMap(({ type, request }) => (type === 'request' && request !== undefined ? [request] : [])));
    const requests = await Promise.all([...ids].map((id) => reads.request(id)));
    const entries = requests.flatMap((request) => {
      if (!request) return [];
      const summary = summarise(request, deps.inboxUrl());
      const type = `request.${summary.state}`;
      return channels.filter((channel) => channel.wants(type, summary)).map((channel): Entry => ({
        // One state of a request is told once, however many records led to it and however many instances heard of it.
        id: `${channel.id}.${summary.requestId}.${request.updatedAt}`, channel: channel.id, requestId: summary.requestId, type, at: now(), version: request.updatedAt, summary, attempts: 0, dueAt: now(),
      }));
    });
    await store.add(entries, last);
    for (const line of lines) line.wake();
  }

  function createLine(channel: Channel): { wake(): void; idle(): Promise<void> } {
    let running: Promise<void> | undefined;
    let again = false;
    let timer: NodeJS.Timeout | undefined;

    async function run(): Promise<void> {
      do {
        again = false;
        for (let entry = await next(); entry !== undefined; entry = await next()) {
          const result = await channel.deliver(entry, await store.ref(channel.id, entry.requestId), AbortSignal.any([stop.signal, AbortSignal.timeout(pace.timeout)]));
          // Given back at once: whoever is left need not wait for the lease.
          if (stop.signal.aborted && result.kind !== 'done') {
            await store.release(entry);
            return;
          }
          await settle(entry, result);
        }
      } while (again && !stop.signal.aborted);
    }
    async function next(): Promise<Entry | undefined> {
      return stop.signal.aborted ? undefined : store.claim(channel.id, now(), pace.timeout + LEASE_MARGIN);
    }
    async function settle(entry: Entry, result: DeliveryResult): Promise<void> {
      const wait = pace.retries[entry.attempts];
      if (result.kind === 'done') await store.done(entry, result.ref);
      else if (result.kind === 'dead' || wait === undefined) {
        onError(`channel ${channel.id}: given up`, new Error(result.why));
        await store.dead(entry, result.why);
      } else {
        // Jitter of a fifth, so that a receiver that comes back is not hit by everything at once.
        await store.retry(entry, Math.round(now() + Math.max(result.afterMs ?? 0, wait * (0.8 + Math.random() * 0.4))), result.why);
      }
    }
    const wake = (): void => {
      if (stop.signal.aborted) return;
      clearTimeout(timer);
      again = true;
      running ??= run()
        .catch((error: unknown) => onError(`channel ${channel.id}`, error))
        .then(pauseMs)
        .then((ms) => {
          running = undefined;
          if (again) wake();
          if (ms === undefined || stop.signal.aborted) return;
          clearTimeout(timer);
          timer = setTimeout(wake, ms);
          timer.unref();
        });
    };
    /** Milliseconds until there is something to do; undefined when nothing waits. */
    async function pauseMs(): Promise<number | undefined> {
      if (stop.signal.aborted) return undefined;
      try {
        const due = await store.nextDue(channel.id);
        return due === undefined ? undefined : Math.min(2_147_483_647, Math.max(10, due - now()));
      } catch (error) {
        onError(`channel ${channel.id}`, error);
        return OUT_OF_REACH;
      }
    }
    return {
      wake,
      async idle() {
        clearTimeout(timer);
        await running;
      },
    };
  }

  return {
    wake: () => { for (const line of lines) line.wake(); },
    async start() {
      const cursor = await store.cursor();
      if (cursor === undefined) await store.add([], (await reads.auditHead()).seq);
      // In order: what happened while the backend was down, then what happens now.
      const listen = (notices: Parameters<typeof enqueue>[0]): void => {
        enqueueing = enqueueing.then(async () => {
          const known = (await store.cursor()) ?? 0;
          await enqueue(notices.filter((n) => n.seq > known));
        }).catch((error: unknown) => onError('outbox', error));
      };
      unsubscribe = feed.subscribe(listen);
      const missed = cursor === undefined ? [] : await feed.since(cursor, REPLAY);
      if (missed !== undefined) listen(missed);
      await enqueueing;
      for (const line of lines) line.wake();
      for (const channel of channels) channel.listen?.(stop.signal);
    },
    async close() {
      if (stop.signal.aborted) return;
      unsubscribe();
      stop.abort();
      await enqueueing;
      await Promise.all(lines.map((line) => line.idle()));
      await store.close();
    },
  };
}
