/** What is still to be told, where it outlives a crash: nothing is forgotten, and nothing that is slow holds anybody up. */
import type { Delivery } from './channel.ts';

export interface Entry extends Delivery {
  /** Milliseconds since the epoch: not before. */
  readonly dueAt: number;
  /** `updatedAt` of the request: of two entries about one request the lower is told first, or not at all. */
  readonly version: number;
}

export interface DeadLetter extends Pick<Delivery, 'id' | 'channel' | 'requestId' | 'type' | 'at' | 'attempts'> { readonly why: string }

/** One instance's own file, or shared by all instances on one PostgreSQL. */
export interface OutboxStore {
  /** The audit sequence up to which everything is in here. Undefined on the very first start. */
  cursor(): Promise<number | undefined>;
  /** Adds entries and moves the cursor, both or neither. What is known already, or older than what is known of its request, is left out. */
  add(entries: readonly Entry[], cursor: number): Promise<void>;
  /**
   * Takes the channel's oldest entry that is due; one request's entries never out of order. For `leaseMs` no other instance gets
   * it; when it is not settled by then, whoever took it is gone, and it is due again.
   */
  claim(channel: string, now: number, leaseMs: number): Promise<Entry | undefined>;
  /** When the channel's next entry is due (ms since the epoch); undefined when none is. */
  nextDue(channel: string): Promise<number | undefined>;
  /** @param ref how the channel names its message about the request */
  done(entry: Entry, ref: string | undefined): Promise<void>;
  /** Gives back what was claimed and not tried. */
  release(entry: Entry): Promise<void>;
  retry(entry: Entry, dueAt: number, why: string): Promise<void>;
  dead(entry: Entry, why: string): Promise<void>;
  /** The channel's message about this request. */
  ref(channel: string, requestId: string): Promise<string | undefined>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Puts dead letters back in line. Gives how many. */
  revive(channel: string, now: number): Promise<number>;
  close(): Promise<void>;
}

/** Delivered entries are kept for a day, so that what is enqueued twice is known. */
export const keptMs = 86_400_000;

/** Of a row of either store. */
export function entryOf(row: Readonly<Record<string, unknown>>): Entry {
  return {
    id: String(row.id), channel: String(row.channel), requestId: String(row.request), type: String(row.type), at: Number(row.at), version: Number(row.version),
    summary: JSON.parse(String(row.summary)) as Entry['summary'], attempts: Number(row.attempts), dueAt: Number(row.due),
  };
}

export function letterOf(row: Readonly<Record<string, unknown>>): DeadLetter {
  return { id: String(row.id), channel: String(row.channel), requestId: String(row.request), type: String(row.type), at: Number(row.at), attempts: Number(row.attempts), why: String(row.why) };
}
