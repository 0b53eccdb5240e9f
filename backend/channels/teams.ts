/**
 * Microsoft Teams by a Workflows webhook ("Post to a channel when a webhook request is received"): an Adaptive Card with a
 * link. Without a bot only `Action.OpenUrl` works there. The address carries its secret (`sig=`), so it is never logged.
 */
import { byStatus, type Channel } from './channel.ts';
import { type OutboundPolicy, post } from './outbound.ts';
import { asIs, escapeWithin, type Summary } from './summary.ts';
import { failed } from './webhook.ts';

export interface TeamsSettings {
  readonly id: string;
  readonly url: string;
  readonly wants: (type: string, summary: Summary) => boolean;
}

export function createTeams(settings: TeamsSettings, policy: OutboundPolicy): Channel {
  return {
    id: settings.id,
    wants: settings.wants,
    async deliver({ summary }, _ref, signal) {
      try {
        const answer = await post(settings.url, JSON.stringify(teamsMessage(summary)), {}, policy, signal);
        return byStatus(answer.status, answer.headers['retry-after']);
      } catch (error) {
        return failed(error);
      }
    },
  };
}

/** The envelope that the workflow's trigger takes. A card may have 28 kB; ours stays far below. */
export function teamsMessage(summary: Summary): object {
  const title = summary.outcome ?? 'Approval needed';
  return {
    type: 'message',
    attachments: [{
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        msteams: { width: 'Full' },
        body: [
          { type: 'TextBlock', text: text(title, 200), weight: 'Bolder', size: 'Medium', wrap: true, color: colour(summary) },
          { type: 'TextBlock', text: text(summary.headline, 300), wrap: true },
          { type: 'TextBlock', text: text(summary.touches, 500), wrap: true, isSubtle: true, spacing: 'None' },
          ...(summary.reason === '' ? [] : [{ type: 'TextBlock', text: text(`“${summary.reason}”`, 1_000), wrap: true }]),
          { type: 'FactSet', facts: summary.facts.map(([name, value]) => ({ title: name, value: text(value, 300) })) },
          // RichTextBlock runs are shown as they are: Markdown in a statement stays text.
          { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: escapeWithin(summary.preview, 2_000, asIs), fontType: 'Monospace', size: 'Small' }] },
        ],
        actions: [{ type: 'Action.OpenUrl', title: summary.outcome === undefined ? 'Review' : 'Open', url: summary.inbox }],
      },
    }],
  };
}

/** TextBlocks take Markdown and `{{DATE(…)}}`; user text must do neither. */
function text(value: string, most: number): string {
  return escapeWithin(value, most, (character) => (/[\\`*_[\](){}#+\-!|>~]/.test(character) ? `\\${character}` : character === '\n' ? ' ' : character));
}

function colour({ outcome, state, risk }: Summary): string {
  if (outcome === undefined) return risk === 'high' ? 'Attention' : 'Default';
  return state === 'approved' || state === 'consumed' ? 'Good' : state === 'denied' ? 'Attention' : 'Default';
}
