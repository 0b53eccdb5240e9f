/** Generic webhooks, signed as the Standard Webhooks specification says (symmetric, `v1`). */
import { createHmac } from 'node:crypto';
import { byStatus, type Channel, type Delivery, type DeliveryResult } from './channel.ts';
import { OutboundError, type OutboundPolicy, post } from './outbound.ts';
import type { Summary } from './summary.ts';

export interface WebhookSettings {
  readonly id: string;
  readonly url: string;
  /** `whsec_` and base64 of 24 to 64 bytes. Several while rotating: every one signs. */
  readonly secrets: readonly string[];
  readonly wants: (type: string, summary: Summary) => boolean;
}

export function createWebhook(settings: WebhookSettings, policy: OutboundPolicy, now: () => number): Channel {
  return {
    id: settings.id,
    wants: settings.wants,
    async deliver(delivery, _ref, signal) {
      const body = JSON.stringify(payload(delivery));
      const timestamp = Math.floor(now() / 1000);
      const signature = settings.secrets.map((secret) => signWebhook(secret, delivery.id, timestamp, body)).join(' ');
      try {
        const answer = await post(settings.url, body, { 'webhook-id': delivery.id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }, policy, signal);
        // 410 Gone is how a receiver says: never again.
        return answer.status === 410 ? { kind: 'dead', why: 'the receiver is gone (410)' } : byStatus(answer.status, answer.headers['retry-after']);
      } catch (error) {
        return failed(error);
      }
    },
  };
}

/** `v1,` + base64 of HMAC-SHA256 over `id.timestamp.body` with the secret's bytes. */
export function signWebhook(secret: string, id: string, timestampSeconds: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`;
}

function payload({ type, at, summary }: Delivery): object {
  const { requestId, state, risk, headline, touches, facts, reason, preview, outcome, inbox } = summary;
  return {
    type,
    timestamp: new Date(at).toISOString(),
    data: { request: requestId, state, risk, headline, touches, facts: Object.fromEntries(facts), reason, preview, ...(outcome === undefined ? {} : { outcome }), url: inbox },
  };
}

/** A connection that did not come about, as a result. */
export function failed(error: unknown): DeliveryResult {
  if (error instanceof OutboundError) return error.retry ? { kind: 'retry', why: error.message } : { kind: 'dead', why: error.message };
  return { kind: 'retry', why: 'connection failed' };
}
