/** Follows every operation from the first request to its end, asks when the policy wants a reason, and never blocks. */
import { commands, type Disposable, type Event, EventEmitter, type LogOutputChannel } from 'vscode';
import type { AskDetails, RunState } from '#core/wire/protocol.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { isOver, type Operation, type Progress, type SentBack } from './operation.ts';

export interface RunController extends Disposable {
  submit(operation: Operation): Promise<void>;
  /** Goes on with an operation that was pending when the window closed: its reason was already given. */
  resume(operation: Operation, ask: AskDetails): Promise<void>;
  cancel(runId: string): Promise<void>;
  /** Starts the same operation again; it asks anew where needed. */
  again(runId: string, answers?: SentBack): Promise<void>;
  forget(runId: string): void;
  get(runId: string): Progress | undefined;
  all(): readonly Progress[];
  readonly onDidChange: Event<Progress>;
  readonly onDidForget: Event<string>;
}

export interface RunControllerDependencies {
  readonly gate: GateClient;
  readonly log: LogOutputChannel;
  /** Undefined when the user backs out. */
  ask(operation: Operation, need: Extract<RunState, { state: 'needs-approval' }>): Promise<AskDetails | undefined>;
  now(): number;
}

export function createRunController({ gate, log, ask, now }: RunControllerDependencies): RunController {
  const operations = new Map<string, Progress>();
  const changed = new EventEmitter<Progress>();
  const forgotten = new EventEmitter<string>();
  const asking = new Set<string>();

  const put = (progress: Progress): void => {
    operations.set(progress.operation.runId, progress);
    const active = [...operations.values()].some(({ state }) => !isOver(state));
    void commands.executeCommand('setContext', 'piiGate.running', active);
    changed.fire(progress);
  };

  const accept = async (runId: string, state: RunState): Promise<void> => {
    const before = operations.get(runId);
    if (before === undefined) return;
    // An answer that crossed a cancel or the end must not bring the operation back to life.
    if (isOver(before.state) && before.state.state !== 'done') return;
    if (state.state !== 'needs-approval') {
      put({ ...before, state, ...(state.state === 'pending' ? { requestId: state.requestId } : {}) });
      if (state.state === 'done') showMore(before, state);
      // A reveal changes the masks of the result that it is about, when it begins and when it ends.
      const shown = before.operation.of === undefined ? undefined : operations.get(before.operation.of);
      if (shown !== undefined && before.operation.capability === 'reveal' && state.state === 'done') put({ ...shown, state });
      return;
    }
    // The same need arrives as the answer and as a notification; it is asked once.
    if (asking.has(runId)) return;
    asking.add(runId);
    put({ ...before, state });
    const details = await ask(before.operation, state).finally(() => { asking.delete(runId); });
    if (details === undefined) put({ ...before, state: { state: 'cancelled' } });
    else await send(before.operation, details);
  };

  /** Further result sets of one statement are tabs of their own; running any of them again runs the statement. */
  const showMore = (progress: Progress, { more = [] }: Extract<RunState, { state: 'done' }>): void => {
    for (const [index, result] of more.entries()) {
      const operation = { ...progress.operation, runId: `${progress.operation.runId}#${index + 2}`, title: `${progress.operation.title} (${index + 2})` };
      put({ operation, state: { state: 'done', result }, startedAt: progress.startedAt });
    }
  };

  const send = async (operation: Operation, details?: AskDetails): Promise<void> => {
    const startedAt = operations.get(operation.runId)?.startedAt ?? now();
    put({ operation, state: { state: 'running' }, startedAt, ...(details === undefined ? {} : { ask: details }) });
    try {
      const state = await operation.start(details);
      if (isRunState(state)) await accept(operation.runId, state);
    } catch (error) {
      // The server redacts its errors; still only the message goes to the log.
      const message = error instanceof Error ? error.message : String(error);
      log.error(`${operation.capability} failed: ${message}`);
      await accept(operation.runId, { state: 'failed', message });
    }
  };

  const subscriptions = [
    gate.onRunChanged(({ runId, run }) => void accept(runId, run)),
    gate.onResultDrift(({ resultId, drift }) => {
      for (const progress of operations.values()) {
        const { state } = progress;
        if ((state.state === 'done' || state.state === 'rows') && state.result.resultId === resultId) put({ ...progress, state: { ...state, result: { ...state.result, drift } } });
      }
    }),
  ];
  return {
    submit: (operation) => send(operation),
    resume: (operation, details) => send(operation, details),
    async cancel(runId) {
      const progress = operations.get(runId);
      if (progress === undefined || isOver(progress.state)) return;
      await gate.cancelRun(runId);
      const now_ = operations.get(runId);
      if (now_ !== undefined && !isOver(now_.state)) put({ ...now_, state: { state: 'cancelled' } });
    },
    async again(runId, answers) {
      const progress = operations.get(runId);
      if (progress === undefined) return;
      operations.delete(runId);
      forgotten.fire(runId);
      await send(progress.operation.renew(answers));
    },
    forget(runId) { if (operations.delete(runId)) forgotten.fire(runId); },
    get: (runId) => operations.get(runId),
    all: () => [...operations.values()],
    onDidChange: changed.event,
    onDidForget: forgotten.event,
    dispose() { for (const subscription of subscriptions) subscription.dispose(); changed.dispose(); forgotten.dispose(); },
  };
}

function isRunState(value: unknown): value is RunState {
  return typeof value === 'object' && value !== null && 'state' in value;
}
