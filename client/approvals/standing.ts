/** What the user is to a request. The backend decides; this chooses what is offered. */
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { GateStatus, RequestsResult } from '#core/wire/protocol.ts';

export type Role = 'reviewer' | 'after-reviewer' | 'requester' | 'reader';

/** Somebody broke glass, and nobody has looked at it yet. */
export const awaitsLook = ({ afterReview }: Pick<ApprovalRequest, 'afterReview'>): boolean => afterReview !== undefined && afterReview.done === undefined;

/** Others' broken glass that this user is among those to look at. */
export function toLookAt({ others = [] }: RequestsResult, me: GateStatus['user']): readonly ApprovalRequest[] {
  return others.filter((request) => awaitsLook(request) && request.afterReview?.anyOf.some((role) => role === me?.id || me?.roles.includes(role) === true) === true);
}

export function roleIn(requests: RequestsResult, id: string, me: GateStatus['user']): Role | undefined {
  if (requests.toReview.some((request) => request.id === id)) return 'reviewer';
  if (requests.mine.some((request) => request.id === id)) return 'requester';
  if (toLookAt(requests, me).some((request) => request.id === id)) return 'after-reviewer';
  return requests.others?.some((request) => request.id === id) === true ? 'reader' : undefined;
}

/** Every word stands somewhere in what the request is about: name, connection, environment, table, column, reason, ticket, agent. */
export function holds({ requester, binding, facts, reason, ticket, agent, verdict }: ApprovalRequest, filter: string): boolean {
  const { connection, capability } = binding;
  const text = [requester.name, connection.id, connection.environment, capability, reason, ticket ?? '', agent?.name ?? '', verdict.why,
    ...facts.tables.map(({ name }) => name), ...facts.sensitive.map(({ table, column, category }) => `${table}.${column} ${category}`)].join('\n').toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
