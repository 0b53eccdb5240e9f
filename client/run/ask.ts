/** Asking for approval in one quick input: reason, scope and duration. Enter on the last reason is the common case. */
import { l10n, type Memento, type QuickInputButton, type QuickPickItem, QuickPickItemKind, ThemeIcon, window } from 'vscode';
import type { Verdict } from '#core/wire/approval.ts';
import type { AskDetails, RunState } from '#core/wire/protocol.ts';
import type { Operation } from './operation.ts';

const lastReasonsKey = 'lastReasons';
const reasonsKept = 5;
const durations = [5, 15, 60, 240, 480].map((minutes) => minutes * 60_000);

interface Choice { use: AskDetails['use']; durationMs: number }
type Item = QuickPickItem & ({ readonly reason: string } | { readonly glass: true } | { readonly change: 'use' | 'duration' } | { readonly kind: QuickPickItemKind.Separator });

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
  const answer = await pickReason(operation, verdict, choice, last, longest);
  if (answer === undefined) return undefined;
  const { reason } = answer;
  if (answer.glass && !await confirmGlass(operation, verdict)) return undefined;
  if (answer.glass) choice.durationMs = Math.min(choice.durationMs, verdict.breakGlass?.maxDurationMs ?? choice.durationMs);
  await memory.update(lastReasonsKey, [reason, ...last.filter((other) => other !== reason)].filter((text) => text !== '').slice(0, reasonsKept));
  const ticket = /\b[A-Z][A-Z0-9]+-\d+\b/.exec(reason)?.[0];
  return { reason, ...choice, ...(ticket === undefined ? {} : { ticket }), ...(answer.glass ? { breakGlass: true } : {}) };
}

/** The one modal question of the extension: what follows can't be undone, and others are called for it. */
async function confirmGlass(operation: Operation, { breakGlass }: Verdict): Promise<boolean> {
  const go = l10n.t('Go ahead without approval');
  const picked = await window.showWarningMessage(l10n.t('Emergency: go ahead with “{0}” on {1} without approval?', operation.title, operation.connection.name), {
    modal: true,
    detail: l10n.t('It is recorded, and an alarm goes to {0}, who must look at it afterwards and say whether it was justified. Until they have, you can\'t go ahead like this again. It lasts {1} at most.', breakGlass?.reviewers.join(' / ') ?? '', durationText(breakGlass?.maxDurationMs ?? 0)),
  }, go);
  return picked === go;
}

interface Reason { readonly reason: string; readonly glass: boolean }

function pickReason(operation: Operation, verdict: Verdict, choice: Choice, last: readonly string[], longest: number): Promise<Reason | undefined> {
  return new Promise((resolve) => {
    const input = window.createQuickPick<Item>();
    let answer: Reason | undefined;
    let glassAsked = false;
    const scopeButton: QuickInputButton = { iconPath: new ThemeIcon('list-selection'), tooltip: l10n.t('Once or several times') };
    const durationButton: QuickInputButton = { iconPath: new ThemeIcon('clock'), tooltip: l10n.t('How long') };
    const refresh = (): void => {
      const typed = input.value.trim();
      const problem = typed === '' ? undefined : reasonProblem(typed, verdict);
      input.items = [
        ...(typed === '' || problem !== undefined ? [] : [{ label: `$(send) ${operation.answers === undefined ? l10n.t('Ask: {0}', typed) : l10n.t('Resubmit: {0}', typed)}`, reason: typed, alwaysShow: true } as Item]),
        ...(problem === undefined ? [] : [{ label: `$(warning) ${problem}`, kind: QuickPickItemKind.Separator, alwaysShow: true } as Item]),
        ...(typed === '' && !verdict.reason.required ? [{ label: `$(send) ${l10n.t('Ask without a reason')}`, reason: '', alwaysShow: true } as Item] : []),
        ...(last.length === 0 ? [] : [{ label: l10n.t('last reasons'), kind: QuickPickItemKind.Separator } as Item]),
        ...last.filter((reason) => reason.toLowerCase().includes(typed.toLowerCase()) && reason !== typed)
          .map((reason): Item => ({ label: `$(history) ${reason}`, reason, alwaysShow: true })),
        { label: l10n.t('for'), kind: QuickPickItemKind.Separator },
        { label: `$(list-selection) ${useText(choice.use)}`, description: l10n.t('Enter changes it'), change: 'use', alwaysShow: true },
        { label: `$(clock) ${durationText(choice.durationMs)}`, description: l10n.t('Enter changes it'), change: 'duration', alwaysShow: true },
        ...(verdict.breakGlass === undefined ? [] : [
          { label: l10n.t('emergency'), kind: QuickPickItemKind.Separator } as Item,
          { label: `$(flame) ${l10n.t('Go ahead without waiting…')}`, description: glassAsked && typed === '' ? l10n.t('type why first') : l10n.t('{0} must look at it afterwards', verdict.breakGlass.reviewers.join(' / ')), glass: true, alwaysShow: true } as Item,
        ]),
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
    if (operation.answers !== undefined) input.value = operation.answers.reason;
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
      else if ('reason' in item) { answer = { reason: item.reason, glass: false }; input.hide(); }
      else if ('glass' in item) {
        const typed = input.value.trim();
        // Nobody is there to ask back: without a reason it does not open.
        if (typed === '' || reasonProblem(typed, verdict) !== undefined) { glassAsked = true; refresh(); return; }
        answer = { reason: typed, glass: true };
        input.hide();
      }
    });
    input.onDidHide(() => { input.dispose(); resolve(answer); });
    refresh();
    input.show();
  });
}

function title(operation: Operation, verdict: Verdict): string {
  const who = verdict.approvers.map(({ anyOf, count }) => `${count} × ${anyOf.join(' / ')}`).join(', ');
  if (operation.answers !== undefined) return [l10n.t('Resubmit'), operation.answers.comment === '' ? '' : `${operation.answers.by}: “${operation.answers.comment}”`, verdict.why].filter((part) => part !== '').join(' · ');
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
