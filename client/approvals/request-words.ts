/** A request in words, the same in the tree, the review page and quick picks. */
import { l10n } from 'vscode';
import type { ApprovalRequest, RequestState } from '#core/wire/approval.ts';

/** "dana · reads customers.ssn · production" */
export function oneLine(request: ApprovalRequest): string {
  return `${request.requester.name} · ${whatOf(request)} · ${request.binding.connection.environment}`;
}

export function whatOf({ binding, verdict, facts }: ApprovalRequest): string {
  const verb = { run: '', reveal: l10n.t('reveal: '), export: l10n.t('export: ') }[binding.capability];
  const columns = [...new Set(facts.sensitive.map(({ table, column }) => `${table}.${column}`))];
  const fallback = columns.length === 0 ? facts.kind : l10n.t('reads {0}', columns.slice(0, 3).join(', ') + (columns.length > 3 ? '…' : ''));
  return verb + (verdict.why || fallback);
}

export function stateText(state: RequestState): string {
  const words: Readonly<Record<RequestState, string>> = {
    pending: l10n.t('waiting'), changes_requested: l10n.t('changes requested'), approved: l10n.t('approved'), denied: l10n.t('denied'),
    cancelled: l10n.t('cancelled'), expired: l10n.t('expired'), consumed: l10n.t('used'), revoked: l10n.t('revoked'),
  };
  return words[state] ?? state;
}

export function stateIcon(state: RequestState): string {
  const icons: Readonly<Record<RequestState, string>> = {
    pending: 'clock', changes_requested: 'request-changes', approved: 'pass', denied: 'error', cancelled: 'circle-slash', expired: 'history', consumed: 'pass-filled', revoked: 'circle-slash',
  };
  return icons[state] ?? 'question';
}

/** "3 min", for ages and what is left; milliseconds in. */
export function ageText(milliseconds: number): string {
  const minutes = Math.floor(Math.max(0, milliseconds) / 60_000);
  if (minutes < 1) return l10n.t('just now');
  if (minutes < 60) return l10n.t('{0} min', minutes);
  return minutes < 48 * 60 ? l10n.t('{0} h', Math.floor(minutes / 60)) : l10n.t('{0} days', Math.floor(minutes / 1440));
}

/** Who can still decide, for the requester. */
export function whoDecides({ verdict, decisions }: ApprovalRequest): string {
  const approvals = decisions.filter(({ decision }) => decision === 'approve').length;
  const need = verdict.approvers.map(({ anyOf, count }) => `${count} × ${anyOf.join(' / ')}`).join(', ');
  return approvals === 0 ? need : l10n.t('{0} ({1} so far)', need, approvals);
}
