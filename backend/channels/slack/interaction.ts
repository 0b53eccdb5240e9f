/**
 * What people do in Slack, the same for HTTP and Socket Mode. A payload carries no authority: the Slack user is mapped to
 * a known person, the request's risk is looked at again, and the backend's own rules (approver sets, self-approval, one
 * decision a person) decide as they do for everybody.
 */
import type { Decision } from '#core/wire/approval.ts';
import type { Subject } from '../../identity/identity.ts';
import type { Result } from '../../requests/refusal.ts';
import type { StoredRequest } from '../../store/store.ts';
import { type Risk, riskOf } from '../summary.ts';
import { actions, commentForm, escaped, isLinkOnly } from './message.ts';

type DecisionBody = Pick<Decision, 'decision' | 'comment'>;

export interface InteractionDeps {
  /** Slack user id → id in the users file. */
  readonly people: Readonly<Record<string, string>>;
  /** The workspace that interactions may come from, where it is set. */
  readonly team?: string;
  readonly linkOnlyAbove: Risk;
  readonly find: (id: string) => Subject | undefined;
  readonly request: (id: string) => Promise<StoredRequest | undefined>;
  readonly decide: (subject: Subject, id: string, body: DecisionBody) => Promise<Result<StoredRequest>>;
  /** Calls a Web API method; failures are not of interest to the one who pressed. */
  readonly call: (method: string, body: object) => Promise<unknown>;
}

/** What goes back in the acknowledgement, within 3 s. */
export interface Acknowledgement {
  readonly body?: object;
  /** Work that goes on after the acknowledgement. */
  readonly after?: () => Promise<void>;
}

/** Never throws. Anything not understood is acknowledged and ignored. */
export async function onInteraction(payload: unknown, deps: InteractionDeps): Promise<Acknowledgement> {
  const { type, user, team, channel, trigger, action, value, callback, metadata, comment } = read(payload);
  if (user === undefined || (deps.team !== undefined && team !== deps.team)) return {};
  const tell = (text: string): Promise<unknown> => deps.call('chat.postEphemeral', { channel, user, text: escaped(text, 2_000) });

  if (type === 'block_actions' && value !== undefined) {
    if (action === actions.approve) {
      return { after: async () => {
        const refusal = await decide(deps, user, value, { decision: 'approve', comment: '' });
        if (refusal !== undefined) await tell(refusal);
      } };
    }
    const form = action === actions.deny ? 'deny' : action === actions.changes ? 'changes' : undefined;
    if (form === undefined || trigger === undefined) return {};
    return { after: async () => { await deps.call('views.open', { trigger_id: trigger, view: commentForm(form, value) }); } };
  }
  if (type === 'view_submission' && metadata !== undefined && (callback === actions.deny || callback === actions.changes)) {
    const refusal = await decide(deps, user, metadata, { decision: callback === actions.deny ? 'deny' : 'request_changes', comment: comment ?? '' });
    // Shown under the field; the form stays open.
    return refusal === undefined ? {} : { body: { response_action: 'errors', errors: { comment: refusal.slice(0, 150) } } };
  }
  return {};
}

/** Gives the sentence for the one who pressed when it was not done. */
async function decide(deps: InteractionDeps, slackUser: string, requestId: string, body: DecisionBody): Promise<string | undefined> {
  const id = Object.hasOwn(deps.people, slackUser) ? deps.people[slackUser] : undefined;
  const subject = id === undefined ? undefined : deps.find(id);
  if (subject === undefined) return 'Your Slack account is not linked to a PII Gate user. Decide in the inbox, or ask for it to be linked.';
  try {
    const request = await deps.request(requestId);
    if (request === undefined) return 'There is no such request.';
    // The message may be older than the threshold, or the payload made by hand.
    if (isLinkOnly(riskOf(request), deps.linkOnlyAbove)) return 'This request is too sensitive to be decided here. Open it in the inbox.';
    const result = await deps.decide(subject, requestId, body);
    return result.ok ? undefined : result.detail;
  } catch {
    return 'It could not be decided just now. Try again, or use the inbox.';
  }
}

interface Interaction {
  readonly type?: string; readonly user?: string; readonly team?: string; readonly channel?: string; readonly trigger?: string;
  readonly action?: string; readonly value?: string; readonly callback?: string; readonly metadata?: string; readonly comment?: string;
}

function read(payload: unknown): { [K in keyof Interaction]-?: Interaction[K] | undefined } {
  const text = (...path: readonly (string | number)[]): string | undefined => {
    let at: unknown = payload;
    for (const key of path) at = typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
    return typeof at === 'string' && at !== '' && at.length <= 4_000 ? at : undefined;
  };
  return {
    type: text('type'), user: text('user', 'id'), team: text('team', 'id'), channel: text('channel', 'id') ?? text('container', 'channel_id'),
    trigger: text('trigger_id'), action: text('actions', 0, 'action_id'), value: text('actions', 0, 'value'),
    callback: text('view', 'callback_id'), metadata: text('view', 'private_metadata'), comment: text('view', 'state', 'values', 'comment', 'comment', 'value'),
  };
}
