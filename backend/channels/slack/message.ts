/** A request as Slack blocks. User text is only ever in plain or preformatted text, where Slack looks for no markup. */
import { asIs, escapeWithin, type Risk, risks, type Summary } from '../summary.ts';

export const actions = { approve: 'pii_gate_approve', deny: 'pii_gate_deny', changes: 'pii_gate_changes' } as const;

/** True when the request's risk is above what may be decided by a button. */
export function isLinkOnly(risk: Risk, linkOnlyAbove: Risk): boolean {
  return risks.indexOf(risk) > risks.indexOf(linkOnlyAbove);
}

export interface SlackMessage { readonly text: string; readonly blocks: readonly object[]; readonly unfurl_links: false; readonly unfurl_media: false }

/** `text` is what notifications and screen readers get. Limits: header 150, section 3000, field 2000, button value 2000. */
export function slackMessage(summary: Summary, linkOnlyAbove: Risk): SlackMessage {
  const open = summary.state === 'pending';
  return {
    text: escaped(`${summary.outcome ?? 'Approval needed'}: ${summary.headline}`, 300),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(summary.outcome ?? 'Approval needed', 150) },
      { type: 'section', text: plain(`${summary.headline}. It ${summary.touches}.`, 2_900) },
      ...(summary.reason === '' ? [] : [{ type: 'section', text: plain(`“${summary.reason}”`, 2_900) }]),
      { type: 'section', fields: summary.facts.slice(0, 5).map(([name, value]) => plain(`${name}: ${value}`, 1_900)) },
      { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: escapeWithin(summary.preview === '' ? ' ' : summary.preview, 2_500, asIs) }] }] },
      ...(open && isLinkOnly(summary.risk, linkOnlyAbove)
        ? [{ type: 'context', elements: [plain('Too sensitive to be decided here: open it in the inbox.', 200)] }]
        : []),
      { type: 'actions', block_id: 'pii_gate', elements: buttons(summary, open && !isLinkOnly(summary.risk, linkOnlyAbove)) },
    ],
  };
}

/** A button carries the request's id and no authority: who pressed it is looked up and checked again. */
function buttons(summary: Summary, mayDecide: boolean): readonly object[] {
  const button = (action: string, text: string, style?: 'primary' | 'danger'): object => ({
    type: 'button', action_id: action, text: plain(text, 75), value: summary.requestId, ...(style === undefined ? {} : { style }),
  });
  return [
    ...(mayDecide ? [button(actions.approve, 'Approve', 'primary'), button(actions.deny, 'Deny…', 'danger'), button(actions.changes, 'Ask for changes…')] : []),
    { type: 'button', action_id: 'pii_gate_open', text: plain('Open', 75), url: summary.inbox },
  ];
}

/** The form that asks for the comment which a denial needs. */
export function commentForm(kind: 'deny' | 'changes', requestId: string): object {
  return {
    type: 'modal', callback_id: actions[kind], private_metadata: requestId,
    title: plain(kind === 'deny' ? 'Deny' : 'Ask for changes', 24), submit: plain(kind === 'deny' ? 'Deny' : 'Send back', 24), close: plain('Cancel', 24),
    blocks: [{
      type: 'input', block_id: 'comment', label: plain(kind === 'deny' ? 'Why? They will read this.' : 'What should change?', 100),
      element: { type: 'plain_text_input', action_id: 'comment', multiline: true, max_length: 2_000 },
    }],
  };
}

function plain(text: string, most: number): object {
  return { type: 'plain_text', emoji: false, text: escaped(text, most) };
}

/** Slack's three control characters, so that nothing becomes a mention (`<!channel>`) or a link with a false text. */
export function escaped(text: string, most: number): string {
  return escapeWithin(text, most, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character);
}
