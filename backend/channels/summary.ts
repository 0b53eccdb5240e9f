/** What a channel says about a request: a short summary of masked facts. Pure; each channel escapes and formats it itself. */
import type { Capability } from '#core/wire/approval.ts';
import type { Environment } from '#core/wire/statement.ts';
import type { StoredRequest } from '../store/store.ts';

export type Risk = 'low' | 'medium' | 'high';
export const risks: readonly Risk[] = ['low', 'medium', 'high'];

export interface Summary {
  readonly requestId: string;
  readonly state: StoredRequest['state'];
  readonly risk: Risk;
  readonly environment: Environment;
  /** "Dana wants to export data from shop (production)". */
  readonly headline: string;
  /** "reads customers.ssn, customers.email". */
  readonly touches: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly reason: string;
  /** The statement with personal literals masked, as the store keeps it. */
  readonly preview: string;
  /** "Approved by Sam: fine", once decided. */
  readonly outcome: string | undefined;
  /** Where to decide. */
  readonly inbox: string;
  /** Opens the request in the editor. */
  readonly editor: string;
}

const wants: Readonly<Record<Capability, string>> = { run: 'run a query on', reveal: 'see values in clear from', export: 'export data from' };

export function summarise(request: StoredRequest, inboxUrl: string): Summary {
  const { binding, facts, scope, requester, agent } = request;
  const verb = binding.capability === 'run' && !facts.readOnly ? 'change data on' : wants[binding.capability];
  const who = agent === undefined ? requester.name : `${agent.name} (for ${requester.name})`;
  const columns = [...new Set(facts.sensitive.map((c) => `${c.table}.${c.column}`))];
  return {
    requestId: request.id,
    state: request.state,
    risk: riskOf(request),
    environment: binding.connection.environment,
    headline: `${who} wants to ${verb} ${binding.connection.id} (${binding.connection.environment})`,
    touches: columns.length > 0 ? `touches ${some(columns, 6)}` : facts.opaque.length > 0 ? 'could not be understood fully' : 'touches nothing known to be sensitive',
    facts: [
      ...(facts.estimatedRows === undefined ? [] : [['Rows', `≈ ${facts.estimatedRows}`] as const]),
      ['In clear', scope.columns.length === 0 ? 'nothing' : some(scope.columns.map((c) => `${c.table}.${c.column}`), 6)],
      ['Goes to', scope.destination.format === undefined ? scope.destination.kind : `${scope.destination.kind} (${scope.destination.format})`],
      ['Needs', request.verdict.approvers.map((step) => `${step.count} × ${step.anyOf.join(' or ')}`).join(', then ') || 'nobody'],
      ...(request.ticket === undefined ? [] : [['Ticket', request.ticket] as const]),
    ],
    reason: request.reason,
    preview: request.preview,
    outcome: outcomeOf(request),
    inbox: `${inboxUrl.replace(/\/+$/, '')}/#/r/${encodeURIComponent(request.id)}`,
    editor: `vscode://pii-gate.pii-gate/request/${encodeURIComponent(request.id)}`,
  };
}

const environmentRisk: Readonly<Record<Environment, number>> = { development: 0, staging: 0, production: 1, critical: 3 };

/**
 * A coarse rank, for one purpose: whether a chat button may decide. Critical systems, exports, writes, special categories
 * (GDPR Art. 9) and what could not be understood count most.
 */
export function riskOf({ binding, facts, scope }: Pick<StoredRequest, 'binding' | 'facts' | 'scope'>): Risk {
  const special = facts.sensitive.some((c) => /health|biometric|genetic|sexual|political|religious|ethnic|government_id|financial/.test(c.category));
  const points = environmentRisk[binding.connection.environment]
    + (binding.capability === 'export' || facts.exports ? 2 : 0)
    + (binding.capability === 'reveal' && scope.columns.length > 0 ? 1 : 0)
    + (facts.readOnly ? 0 : 2)
    + (facts.opaque.length > 0 ? 2 : 0)
    + (special ? 1 : 0);
  if (points >= 3) return 'high';
  return points >= 2 ? 'medium' : 'low';
}

function outcomeOf({ state, decisions }: StoredRequest): string | undefined {
  const last = decisions.at(-1);
  const said = last === undefined || last.comment === '' ? '' : `: ${last.comment}`;
  const by = last === undefined ? '' : ` by ${last.by.name}`;
  switch (state) {
    case 'pending': return undefined;
    case 'approved': return `Approved${by}${said}`;
    case 'consumed': return `Approved${by} and used`;
    case 'denied': return `Denied${by}${said}`;
    case 'changes_requested': return `Changes asked for${by}${said}`;
    case 'cancelled': return 'Withdrawn by the requester';
    case 'expired': return 'Expired';
    case 'revoked': return 'Revoked';
  }
}

function some(names: readonly string[], most: number): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/**
 * Escapes text for a channel and keeps the result within `most` UTF-16 units. Each character is escaped before it is
 * counted and is taken whole or not at all: text that is cut after escaping can end in half an escape, and text that is
 * cut before can grow past the channel's limit.
 */
export function escapeWithin(text: string, most: number, escaped: (character: string) => string): string {
  let whole = '';
  /** The longest beginning that leaves room for the ellipsis. */
  let cut = '';
  for (const character of text) {
    whole += escaped(character);
    if (whole.length > most) return `${cut}…`;
    if (whole.length < most) cut = whole;
  }
  return whole;
}

/** For places where a channel takes text as it is. */
export function asIs(character: string): string {
  return character;
}
