/** The channels, composed: configuration → channels → outbox, and the endpoint for Slack's interactions. */
import { join } from 'node:path';
import type { App } from '../http/app.ts';
import type { ChannelsConfig, ChannelSettings } from './config.ts';
import type { Channel } from './channel.ts';
import { addDeadLetterRoutes } from './dead-letters-route.ts';
import { createEmail } from './email.ts';
import type { OutboundPolicy } from './outbound.ts';
import { createOutbox, defaultPace, type OutboxDeps, type OutboxPace } from './outbox.ts';
import { openOutboxFile } from './outbox-file.ts';
import { openSharedOutbox } from './outbox-shared.ts';
import type { DeadLetter } from './outbox-store.ts';
import { addSlackRoutes } from './slack/route.ts';
import { createSlack, type SlackChannel, type SlackDeps } from './slack/slack.ts';
import { createTeams } from './teams.ts';
import { createWebhook } from './webhook.ts';

export interface ChannelsDeps extends Pick<OutboxDeps, 'feed' | 'reads' | 'now' | 'onError'>, Pick<SlackDeps, 'find' | 'decide'> {
  readonly config: ChannelsConfig;
  /** Folder of the outbox's own file, where it is not shared. */
  readonly dataDir: string;
  /** The PostgreSQL store of several instances: then they share the outbox as well. */
  readonly shared?: { readonly url: string; readonly schema?: string };
  /** The inbox's address where the configuration names none. Asked late: the port is known after listening. */
  readonly inboxUrl: () => string;
  readonly pace?: OutboxPace;
}

export interface Channels {
  /** Slack's interactions and the dead letters; before the server listens. */
  addRoutes(app: App): void;
  start(): Promise<void>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Tries the dead letters of a channel again. Gives how many. */
  revive(channel: string): Promise<number>;
  close(): Promise<void>;
}

export async function createChannels(deps: ChannelsDeps): Promise<Channels> {
  const { config, reads, now, onError } = deps;
  const pace = deps.pace ?? defaultPace;
  const policy: OutboundPolicy = { allowPrivateHosts: config.allowPrivateHosts, timeoutMs: pace.timeout };
  const slacks: SlackChannel[] = [];
  function create(settings: ChannelSettings): Channel {
    if (settings.kind === 'teams') return createTeams(settings, policy);
    if (settings.kind === 'email') return createEmail(settings);
    if (settings.kind === 'webhook') return createWebhook(settings, policy, now);
    const slack = createSlack(settings, { find: deps.find, decide: deps.decide, request: (id) => reads.request(id), policy, onError: (what) => onError(`channel ${settings.id}`, new Error(what)) });
    slacks.push(slack);
    return slack;
  }
  const channels = config.channels.map(create);
  const store = deps.shared ? openSharedOutbox({ ...deps.shared, onError }) : await openOutboxFile(join(deps.dataDir, 'channels.db'));
  const outbox = createOutbox({ store, feed: deps.feed, reads, channels, now, pace, onError, inboxUrl: () => config.inboxUrl ?? deps.inboxUrl() });
  async function revive(channel: string): Promise<number> {
    const count = await store.revive(channel, now());
    outbox.wake();
    return count;
  }
  return {
    addRoutes(app) {
      addSlackRoutes(app, slacks, now, onError);
      addDeadLetterRoutes(app, store.deadLetters, revive);
    },
    start: () => outbox.start(),
    deadLetters: () => store.deadLetters(),
    revive,
    close: () => outbox.close(),
  };
}
