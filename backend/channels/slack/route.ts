/** `POST /v1/channels/{id}/slack`: Slack's interactivity request URL. */
import type { App } from '../../http/app.ts';
import { isFromSlack } from './signature.ts';
import type { SlackChannel } from './slack.ts';

/** Bytes. Slack's payloads have a few kilobytes. */
const bodyLimit = 262_144;

export function addSlackRoutes(app: App, channels: readonly SlackChannel[], now: () => number, onError: (where: string, error: unknown) => void): void {
  // A scope of its own: only here the body stays raw bytes, over which Slack signed.
  app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
    scope.post<{ Params: { id: string } }>('/v1/channels/:id/slack', { config: { public: true }, bodyLimit, schema: { hide: true } }, async (request, reply) => {
      const channel = channels.find((c) => c.id === request.params.id);
      const body = request.body instanceof Uint8Array ? request.body : undefined;
      const signed = body !== undefined && channel?.signingSecret !== undefined && isFromSlack({
        timestamp: single(request.headers['x-slack-request-timestamp']), signature: single(request.headers['x-slack-signature']), body,
      }, channel.signingSecret, now());
      // An unknown channel and a wrong signature look the same from outside.
      if (!signed) return reply.code(401).send();
      const payload = payloadOf(body);
      const { body: answer, after } = await channel.interact(payload);
      if (after !== undefined) {
        // Acknowledged first: Slack waits three seconds, a decision may take longer.
        setImmediate(() => { after().catch((error: unknown) => onError(`channel ${channel.id}`, error)); });
      }
      return answer === undefined ? reply.code(200).send() : reply.code(200).type('application/json').send(JSON.stringify(answer));
    });
  });
}

function payloadOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new URLSearchParams(Buffer.from(body).toString('utf8')).get('payload') ?? 'null');
  } catch {
    return undefined;
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
