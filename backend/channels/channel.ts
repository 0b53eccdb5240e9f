/** What every channel is to the outbox. */
import type { Summary } from './summary.ts';

/** One thing to tell. `snapshot` is the request as it was; personal values were masked before it was stored. */
export interface Delivery {
  /** Unique and the same on every try, so that receivers can drop doubles. */
  readonly id: string;
  readonly channel: string;
  readonly requestId: string;
  /** `request.pending`, `request.approved`, … */
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly summary: Summary;
  /** How often it was tried before. */
  readonly attempts: number;
}

export type DeliveryResult =
  /** `ref`: how the channel names the message, to update it later. */
  | { readonly kind: 'done'; readonly ref?: string }
  /** `afterMs`: the receiver said when to come back. */
  | { readonly kind: 'retry'; readonly why: string; readonly afterMs?: number }
  /** Trying again can't help: a refused address, a rejected token. */
  | { readonly kind: 'dead'; readonly why: string };

export interface Channel {
  readonly id: string;
  /** Whether this channel tells about such a request at all. */
  wants(type: string, summary: Summary): boolean;
  /** Never throws. `ref`: the message about this request that this channel sent before, if any. */
  deliver(delivery: Delivery, ref: string | undefined, signal: AbortSignal): Promise<DeliveryResult>;
  /** Begins to listen for what people do in the channel, where it is the channel that calls (Socket Mode). */
  listen?(signal: AbortSignal): void;
}

/** An HTTP answer as the outbox understands it. */
export function byStatus(status: number, retryAfter: string | string[] | undefined): DeliveryResult {
  if (status >= 200 && status < 300) return { kind: 'done' };
  const seconds = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { kind: 'retry', why: `answered ${status}`, ...(seconds === undefined ? {} : { afterMs: seconds * 1000 }) };
  }
  return { kind: 'dead', why: `answered ${status}` };
}
