/** The runs that are under way: their state, how to stop them, and telling the client of each change. */
import { method, type RunChanged, type RunState } from '#core/wire/protocol.ts';
import type { GateConnection } from './gate-deps.ts';

/** Handle of one run, reveal or export. */
export interface Run {
  readonly id: string;
  /** Aborted when the user cancels: stops the statement and withdraws the request. */
  readonly cancelled: AbortController;
  /** Aborted when the server stops: requests stay open. */
  readonly stopped: AbortSignal;
  emit(state: RunState): void;
}

export class RunLog {
  readonly #connection: GateConnection;
  readonly #stop = new AbortController();
  readonly #running = new Map<string, { readonly run: Run; readonly first: Promise<RunState> }>();

  constructor(connection: GateConnection) { this.#connection = connection; }

  /**
   * Starts work under an id. Resolves with the first state that tells something (all but `running`); later ones go out as
   * notifications. Starting an id that is under way joins it.
   */
  start(id: string, work: (run: Run) => Promise<RunState>): Promise<RunState> {
    const known = this.#running.get(id);
    if (known) return known.first;
    let tell: (state: RunState) => void = () => undefined;
    const first = new Promise<RunState>((resolve) => { tell = resolve; });
    const run: Run = {
      id, cancelled: new AbortController(), stopped: this.#stop.signal,
      emit: (state) => {
        const safe = withoutGrant(state);
        void this.#connection.sendNotification(method.runChanged, { runId: id, run: safe } satisfies RunChanged);
        if (state.state !== 'running') tell(safe);
      },
    };
    this.#running.set(id, { run, first });
    void work(run)
      .catch((error: unknown): RunState => ({ state: 'failed', message: `PII Gate failed unexpectedly (${error instanceof Error ? error.name : typeof error}). Nothing more was run.` }))
      .then((last) => {
        this.#running.delete(id);
        run.emit(last);
      });
    return first;
  }

  cancel(id: string): boolean {
    const known = this.#running.get(id);
    known?.run.cancelled.abort(new DOMException('Cancelled by the user.', 'AbortError'));
    return known !== undefined;
  }

  stopAll(): void { this.#stop.abort(new DOMException('The server stops.', 'AbortError')); }
}

/** The grant is for this process alone: the client shows requests and never needs it. */
function withoutGrant(state: RunState): RunState {
  if (state.state !== 'pending') return state;
  const { grant: _, ...request } = state.request;
  return { ...state, request };
}
