/** The status bar while something runs, waits or may still be used: spinner, age, countdown. */
import { commands, type Disposable, l10n, StatusBarAlignment, window } from 'vscode';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { ApprovalsModel } from '../approvals/approvals-model.ts';
import { isOver } from '../run/operation.ts';
import type { RunController } from '../run/run-controller.ts';

export function createRunStatus(runs: RunController, approvals: ApprovalsModel): Disposable {
  const running = window.createStatusBarItem('piiGate.running', StatusBarAlignment.Left, 10);
  running.name = l10n.t('PII Gate queries');
  running.command = 'piiGate.showActiveRuns';
  const countdown = window.createStatusBarItem('piiGate.grant', StatusBarAlignment.Right, 99);
  countdown.name = l10n.t('PII Gate approval');
  countdown.command = 'piiGate.approvals.focus';
  let timer: NodeJS.Timeout | undefined;

  const showRuns = (): void => {
    const active = runs.all().filter(({ state }) => !isOver(state) && state.state !== 'rows' && state.state !== 'needs-approval');
    const waiting = active.filter(({ state }) => state.state === 'pending').length;
    if (active.length === 0) { running.hide(); return; }
    running.text = waiting > 0
      ? `$(clock) ${waiting === 1 ? l10n.t('Waiting for approval') : l10n.t('{0} wait for approval', waiting)}`
      : `$(sync~spin) ${l10n.t('Running query')}`;
    running.tooltip = active.map(({ operation }) => `${operation.title} · ${operation.connection.name}`).join('\n');
    running.show();
  };
  const showGrant = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const live = liveGrants(approvals.requests.mine, Date.now());
    const first = live[0];
    if (first === undefined) { countdown.hide(); return; }
    countdown.text = `$(key) ${leftText(first.expiresAt - Date.now())}`;
    countdown.tooltip = live.map(({ request, expiresAt }) => l10n.t('{0}: approved until {1}', request.verdict.why, new Date(expiresAt).toLocaleTimeString())).join('\n');
    countdown.show();
    timer = setTimeout(showGrant, first.expiresAt - Date.now() < 60_000 ? 1000 : 15_000);
  };
  const subscriptions = [
    runs.onDidChange(showRuns),
    runs.onDidForget(showRuns),
    approvals.onDidChange(showGrant),
    commands.registerCommand('piiGate.showActiveRuns', async () => {
      const active = runs.all().filter(({ state }) => !isOver(state));
      const show = { label: `$(table) ${l10n.t('Show results')}`, runId: undefined };
      const picked = await window.showQuickPick(
        [show, ...active.map(({ operation }) => ({ label: `$(debug-stop) ${l10n.t('Cancel {0}', operation.title)}`, description: operation.connection.name, runId: operation.runId }))],
        { title: l10n.t('Queries under way') },
      );
      if (picked === show) await commands.executeCommand('piiGate.showResults');
      else if (picked?.runId !== undefined) await runs.cancel(picked.runId);
    }),
    running,
    countdown,
    { dispose: () => clearTimeout(timer) },
  ];
  showRuns();
  showGrant();
  return { dispose() { for (const subscription of subscriptions) subscription.dispose(); } };
}

interface LiveGrant { readonly request: ApprovalRequest; readonly expiresAt: number }

/**
 * Time-boxed approvals that still live at `now` (milliseconds), the one that ends first at the head. Reckoned from the decision,
 * since the grant itself never leaves the server; only told here, the server verifies.
 */
export function liveGrants(mine: readonly ApprovalRequest[], now: number): readonly LiveGrant[] {
  return mine
    .flatMap((request) => {
      const expiresAt = request.state === 'approved' && request.scope.use === 'window' ? approvalEnd(request) : undefined;
      return expiresAt !== undefined && expiresAt > now ? [{ request, expiresAt }] : [];
    })
    .sort((a, b) => a.expiresAt - b.expiresAt);
}

function approvalEnd({ decisions, scope, verdict }: ApprovalRequest): number | undefined {
  const approvals = decisions.filter(({ decision }) => decision === 'approve');
  const last = approvals.at(-1);
  if (last === undefined) return undefined;
  const limits = approvals.flatMap(({ constraints }) => constraints?.durationMs ?? []);
  return last.at + Math.min(scope.durationMs, verdict.maxDurationMs ?? Number.POSITIVE_INFINITY, ...limits);
}

/** "14:59" under an hour, "2 h 5 min" above. */
export function leftText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
