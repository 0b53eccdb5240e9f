/** Is a request really from Slack? By its signing secret, over the raw bytes ("Verifying requests from Slack"). */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Older or newer than this (seconds) is refused: a recorded request can't be played again later. */
export const MAX_AGE_S = 300;

export interface SignedBySlack {
  /** `X-Slack-Request-Timestamp` */
  readonly timestamp: string | undefined;
  /** `X-Slack-Signature` */
  readonly signature: string | undefined;
  /** As it came over the wire, never re-serialised. */
  readonly body: Uint8Array;
}

/** @param nowMs milliseconds since the epoch */
export function isFromSlack({ timestamp, signature, body }: SignedBySlack, signingSecret: string, nowMs: number): boolean {
  if (timestamp === undefined || signature === undefined || signingSecret === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > MAX_AGE_S) return false;
  const expected = Buffer.from(signForSlack(signingSecret, timestamp, body));
  const given = Buffer.from(signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** `v0=` + hex HMAC-SHA256 of `v0:timestamp:body`. */
export function signForSlack(signingSecret: string, timestamp: string, body: Uint8Array): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}
