/** The Slack channel: posts, updates its own message, and listens by Socket Mode where an app token is there. */
import type { Channel } from '../channel.ts';
import type { OutboundPolicy } from '../outbound.ts';
import type { Risk, Summary } from '../summary.ts';
import { type Acknowledgement, type InteractionDeps, onInteraction } from './interaction.ts';
import { slackMessage } from './message.ts';
import { runSocketMode } from './socket-mode.ts';
import { callSlack } from './web-api.ts';

export interface SlackSettings {
  readonly id: string;
  /** Channel id, `C…`. */
  readonly channel: string;
  readonly botToken: string;
  /** Checks interactions by HTTP; absent when only Socket Mode or no buttons are used. */
  readonly signingSecret?: string;
  /** `xapp-…`: turns Socket Mode on. */
  readonly appToken?: string;
  readonly team?: string;
  readonly people: Readonly<Record<string, string>>;
  readonly linkOnlyAbove: Risk;
  /** `https://slack.com/api`; another only in tests. */
  readonly api: string;
  readonly wants: (type: string, summary: Summary) => boolean;
}

export interface SlackChannel extends Channel {
  readonly signingSecret: string | undefined;
  interact(payload: unknown): Promise<Acknowledgement>;
}

export type SlackDeps = Pick<InteractionDeps, 'find' | 'request' | 'decide'> & { readonly policy: OutboundPolicy; readonly onError: (what: string) => void };

export function createSlack(settings: SlackSettings, deps: SlackDeps): SlackChannel {
  const { api, botToken, channel, people, linkOnlyAbove, team } = settings;
  const call = (method: string, body: object, signal?: AbortSignal): ReturnType<typeof callSlack> => callSlack(api, botToken, method, body, deps.policy, signal);
  const interact = (payload: unknown): Promise<Acknowledgement> =>
    onInteraction(payload, { people, linkOnlyAbove, find: deps.find, request: deps.request, decide: deps.decide, call, ...(team === undefined ? {} : { team }) });
  const { appToken } = settings;
  return {
    id: settings.id,
    wants: settings.wants,
    signingSecret: settings.signingSecret,
    interact,
    async deliver({ summary }, ref, signal) {
      const message = slackMessage(summary, linkOnlyAbove);
      const answer = ref === undefined
        ? await call('chat.postMessage', { channel, ...message }, signal)
        : await call('chat.update', { channel, ts: ref, ...message }, signal);
      if (!answer.ok) return answer.result;
      const { ts } = answer.body;
      return typeof ts === 'string' ? { kind: 'done', ref: ts } : { kind: 'done' };
    },
    ...(appToken === undefined ? {} : {
      listen(signal: AbortSignal) {
        void runSocketMode({
          open: async () => {
            const answer = await callSlack(api, appToken, 'apps.connections.open', {}, deps.policy);
            return answer.ok && typeof answer.body.url === 'string' ? answer.body.url : undefined;
          },
          onInteraction: interact,
          onError: deps.onError,
          wait: { shortest: 1_000, longest: 60_000 },
        }, signal);
      },
    }),
  };
}
