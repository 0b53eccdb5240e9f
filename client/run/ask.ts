/** Asking for approval in one quick input: reason, scope and duration. Enter on the last reason is the common case. */
import { l10n, type Memento, type QuickInputButton, type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from 'vscode';
import type { Verdict } from '#core/wire/approval.ts';
import type { AskDetails, RunState } from '#core/wire/protocol.ts';
import type { Operation } from './operation.ts';

const lastReasonsKey = 'lastReasons';
const reasonsKept = 5;
const durations = [5, 15, 60, 240, 480].map((minutes) => minutes * 60_000);

interface Choice { use: AskDetails['use']; durationMs: number }
type Item = QuickPickItem & ({ readonly reason: string } | { readonly change: 'use' | 'duration' } | { readonly kind: QuickPickItemKind.Separator });

export interface AskDependencies {
  /** Where last reasons are remembered: the workspace, since reasons name tickets of a project. */
  readonly memory: Memento;
  /** Milliseconds. */
  defaultDuration(): number;
}

export async function askForApproval(
  operation: Operation, need: Extract<RunState, { state: 'needs-approval' }>, { memory, defaultDuration }: AskDependencies,
): Promise<AskDetails | undefined> {
  const { verdict } = need;
  const longest = verdict.maxDurationMs ?? Number.POSITIVE_INFINITY;
  const choice: Choice = { use: 'once', durationMs: Math.min(defaultDuration(), longest) };
  const last = memory.get<readonly string[]>(lastReasonsKey, []).filter((reason) => reasonProblem(reason, verdict) === undefined);
  const reason = await pickReason(operation, verdict, choice, last, longest);
  if (reason === undefined) return undefined;
  await memory.update(lastReasonsKey, [reason, ...last.filter((other) => other !== reason)].filter((text) => text !== '').slice(0, reasonsKept));
  const ticket = /\b[A-Z][A-Z0-9]+-\d+\b/.exec(reason)?.[0];
  return { reason, ...choice, ...(ticket === undefined ? {} : { ticket }) };
}

function pickReason(operation: Operation, verdict: Verdict, choice: Choice, last: readonly string[], longest: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const input = window.createQuickPick<Item>();
    let answer: string | undefined;
    const scopeButton: QuickInputButton = { iconPath: new ThemeIcon('list-selection'), tooltip: l10n.t('Once or several times') };
    const durationButton: QuickInputButton = { iconPath: new ThemeIcon('clock'), tooltip: l10n.t('How long') };
    const refresh = (): void => {
      const typed = input.value.trim();
      const problem = typed === '' ? undefined : reasonProblem(typed, verdict);
      input.items = [
        ...(typed === '' || problem !== undefined ? [] : [{ label: `$(send) ${l10n.t('Ask: {0}', typed)}`, reason: typed, alwaysShow: true } as Item]),
        ...(problem === undefined ? [] : [{ label: `$(warning) ${problem}`, kind: QuickPickItemKind.Separator, alwaysShow: true } as Item]),
        ...(typed === '' && !verdict.reason.required ? [{ label: `$(send) ${l10n.t('Ask without a reason')}`, reason: '', alwaysShow: true } as Item] : []),
        ...(last.length === 0 ? [] : [{ label: l10n.t('last reasons'), kind: QuickPickItemKind.Separator } as Item]),
        ...last.filter((reason) => reason.toLowerCase().includes(typed.toLowerCase()) && reason !== typed)
          .map((reason): Item => ({ label: `$(history) ${reason}`, reason, alwaysShow: true })),
        { label: l10n.t('for'), kind: QuickPickItemKind.Separator },
        { label: `$(list-selection) ${useText(choice.use)}`, description: l10n.t('Enter changes it'), change: 'use', alwaysShow: true },
        { label: `$(clock) ${durationText(choice.durationMs)}`, description: l10n.t('Enter changes it'), change: 'duration', alwaysShow: true },
      ];
    };
    const change = (what: 'use' | 'duration'): void => {
      if (what === 'use') choice.use = choice.use === 'once' ? 'window' : 'once';
      else {
        const allowed = durations.filter((duration) => duration <= longest);
        choice.durationMs = allowed.find((duration) => duration > choice.durationMs) ?? allowed[0] ?? choice.durationMs;
      }
      const active = input.activeItems[0];
      refresh();
      const same = input.items.find((item) => 'change' in item && active !== undefined && 'change' in active && item.change === active.change);
      if (same !== undefined) input.activeItems = [same];
    };
    input.title = title(operation, verdict);
    input.placeholder = verdict.reason.prompt ?? l10n.t('Reason: what is it for? The reviewer reads it.');
    input.buttons = [scopeButton, durationButton];
    input.ignoreFocusOut = true;
    input.matchOnDescription = false;
    input.onDidChangeValue(refresh);
    input.onDidTriggerButton((button) => change(button === scopeButton ? 'use' : 'duration'));
    input.onDidAccept(() => {
      const item = input.activeItems[0];
      if (item === undefined) return;
      if ('change' in item) change(item.change);
      else if ('reason' in item) { answer = item.reason; input.hide(); }
    });
    input.onDidHide(() => { input.dispose(); resolve(answer); });
    refresh();
    input.show();
  });
}

function title(operation: Operation, verdict: Verdict): string {
  const who = verdict.approvers.map(({ anyOf, count }) => `${count} × ${anyOf.join(' / ')}`).join(', ');
  const what = { run: l10n.t('Ask to run'), reveal: l10n.t('Ask to reveal'), export: l10n.t('Ask to export') }[operation.capability];
  return [what, verdict.why, who === '' ? '' : l10n.t('needs {0}', who)].filter((part) => part !== '').join(' · ');
}

export function useText(use: AskDetails['use']): string {
  return use === 'once' ? l10n.t('Once') : l10n.t('Any number of times until it expires');
}

export function durationText(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 60) return minutes === 1 ? l10n.t('1 minute') : l10n.t('{0} minutes', minutes);
  const hours = Math.round(minutes / 6) / 10;
  return hours === 1 ? l10n.t('1 hour') : l10n.t('{0} hours', hours);
}

/** Undefined when the reason will do. */
function reasonProblem(reason: string, { reason: rule }: Verdict): string | undefined {
  if (rule.pattern === undefined) return undefined;
  try {
    return new RegExp(rule.pattern, 'u').test(reason) ? undefined : rule.prompt ?? l10n.t('The policy wants a reason of the form {0}', rule.pattern);
  } catch {
    return undefined; // The backend decides; a pattern that this side can't read must not lock the user out.
  }
}
