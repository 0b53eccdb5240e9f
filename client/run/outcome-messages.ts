/** What the user is told when an operation ends: one quiet line when it went well, the way out when it did not. */
import { commands, type Disposable, l10n, window } from 'vscode';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { Blocked } from '#core/wire/protocol.ts';
import { durationText } from './ask.ts';
import { askAgain } from './ask-again.ts';
import type { Progress } from './operation.ts';
import type { RunController } from './run-controller.ts';
import { showStatementDifference } from './statement-difference.ts';
import type { TextComparison } from '../words/text-comparison.ts';

export interface OutcomeDependencies {
  readonly runs: RunController;
  /** The request for which this operation broke glass. */
  glassOf(runId: string): Promise<ApprovalRequest | undefined>;
  /** The request as the backend last told it. */
  request(id: string): Promise<ApprovalRequest | undefined>;
  readonly comparison: TextComparison;
  /** True when the run's own page says it already: nothing is said twice. */
  shown(runId: string): boolean;
}

export function createOutcomeMessages({ runs, request, glassOf, comparison, shown }: OutcomeDependencies): Disposable {
  const told = new Set<string>();
  const waited = new Map<string, string>();

  const approved = async (progress: Progress, requestId: string): Promise<void> => {
    const found = await request(requestId);
    const decision = found?.decisions.findLast((one) => one.decision === 'approve');
    if (found === undefined || decision === undefined) return;
    const duration = decision.constraints?.durationMs ?? found.scope.durationMs;
    void window.showInformationMessage(found.scope.use === 'once'
      ? l10n.t('{0} approved “{1}”, once.', decision.by.name, progress.operation.title)
      : l10n.t('{0} approved “{1}” for {2}.', decision.by.name, progress.operation.title, durationText(duration)));
  };

  const blocked = async (progress: Progress, { code, message, requestId }: Blocked): Promise<void> => {
    const again = l10n.t('Ask again');
    const difference = l10n.t('Show difference');
    const signIn = l10n.t('Sign in');
    const backend = l10n.t('Start embedded backend');
    const trust = l10n.t('Manage trust');
    const open = l10n.t('Open request');
    const resubmit = l10n.t('Resubmit');
    const actions: Readonly<Record<Blocked['code'], readonly string[]>> = {
      'needs-reason': [again], denied: [open, again], expired: [again], cancelled: [again], 'backend-unreachable': [l10n.t('Try again')],
      'no-backend': [signIn, backend], unauthorized: [signIn], 'untrusted-key': [l10n.t('Show log')], 'grant-invalid': [again], 'grant-used': [again],
      'statement-changed': [again, difference], 'untrusted-workspace': [trust], 'read-only': [], 'policy-denies': [], 'changes-requested': [resubmit, open], revoked: [again],
    };
    const usable = (actions[code] ?? []).filter((action) => (action !== open || requestId !== undefined) && (action !== difference || progress.operation.origin !== undefined));
    const picked = await window.showWarningMessage(l10n.t('Blocked: {0}', message), ...usable);
    if (picked === undefined) return;
    if (picked === again || picked === l10n.t('Try again')) await askAgain(runs, progress);
    else if (picked === difference) await showStatementDifference(progress.operation, comparison);
    else if (picked === resubmit) await commands.executeCommand('piiGate.resubmitRequest', requestId);
    else if (picked === signIn) await commands.executeCommand('piiGate.signIn');
    else if (picked === backend) await commands.executeCommand('piiGate.startBackend');
    else if (picked === trust) await commands.executeCommand('workbench.trust.manage');
    else if (picked === open) await commands.executeCommand('piiGate.openRequest', requestId);
    else await commands.executeCommand('piiGate.showLog');
  };

  /** Who broke glass is told what they owe, once. */
  const broken = async (runId: string): Promise<void> => {
    const found = await glassOf(runId);
    const open = l10n.t('Open request');
    const picked = await window.showWarningMessage(l10n.t('Ran without approval: {0} must look at it afterwards. Until then you can\'t go ahead like this again.', found?.afterReview?.anyOf.join(' / ') ?? l10n.t('a reviewer')), ...(found === undefined ? [] : [open]));
    if (picked === open && found !== undefined) await commands.executeCommand('piiGate.openRequest', found.id);
  };

  return runs.onDidChange((progress) => {
    const { operation: { runId }, state } = progress;
    if (state.state === 'pending') { waited.set(runId, state.requestId); told.delete(runId); return; }
    if (state.state === 'running') { told.delete(runId); return; }
    if (told.has(runId)) return;
    if (state.state === 'done' && progress.ask?.breakGlass === true) { told.add(runId); void broken(runId); return; }
    const requestId = waited.get(runId);
    if (requestId !== undefined && (state.state === 'rows' || state.state === 'done')) {
      told.add(runId);
      waited.delete(runId);
      void approved(progress, requestId);
    } else if (state.state === 'blocked') {
      told.add(runId);
      if (!shown(runId)) void blocked(progress, state.blocked);
    }
  });
}
