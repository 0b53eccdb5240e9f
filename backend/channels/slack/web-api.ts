/** The few Slack Web API methods that are used. Answers are 200 with `{ok}`; errors have names. */
import type { DeliveryResult } from '../channel.ts';
import { type OutboundPolicy, post } from '../outbound.ts';
import { failed } from '../webhook.ts';

export type SlackAnswer =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly result: DeliveryResult };

/** Errors that another try can't mend. All others are tried again. */
const hopeless: readonly string[] = [
  'invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'no_permission', 'missing_scope', 'org_login_required',
  'channel_not_found', 'not_in_channel', 'is_archived', 'restricted_action', 'invalid_blocks', 'invalid_arguments', 'msg_too_long', 'no_text',
  'message_not_found', 'cant_update_message', 'edit_window_closed',
];

/** @param base `https://slack.com/api` */
export async function callSlack(base: string, token: string, method: string, body: object, policy: OutboundPolicy, signal?: AbortSignal): Promise<SlackAnswer> {
  try {
    const answer = await post(`${base}/${method}`, JSON.stringify(body), { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' }, policy, signal);
    if (answer.status === 429) {
      const after = Number(answer.headers['retry-after'] ?? 30);
      return { ok: false, result: { kind: 'retry', why: 'rate limited', afterMs: (Number.isFinite(after) ? after : 30) * 1000 } };
    }
    if (answer.status !== 200) return { ok: false, result: { kind: 'retry', why: `answered ${answer.status}` } };
    const parsed: unknown = JSON.parse(answer.body);
    const fields = typeof parsed === 'object' && parsed !== null ? { ...parsed } as Record<string, unknown> : {};
    if (fields.ok === true) return { ok: true, body: fields };
    const error = typeof fields.error === 'string' && /^[a-z_]{1,60}$/.test(fields.error) ? fields.error : 'unknown error';
    return { ok: false, result: { kind: hopeless.includes(error) ? 'dead' : 'retry', why: `Slack says ${error}` } };
  } catch (error) {
    return { ok: false, result: error instanceof SyntaxError ? { kind: 'retry', why: 'not JSON' } : failed(error) };
  }
}
