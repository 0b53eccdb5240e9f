/** One thing that the user started and that may need an approval: a run, a reveal or an export. */
import type { Capability } from '#core/wire/approval.ts';
import type { AskDetails, ConnectionSettings, RunState } from '#core/wire/protocol.ts';

export interface Origin {
  readonly uri: string;
  /** UTF-16 offsets in the document when the operation began. */
  readonly range: { readonly start: number; readonly end: number };
}

/** A request that a reviewer sent back, and what they said. */
export interface SentBack { readonly requestId: string; readonly reason: string; readonly by: string; readonly comment: string }

export interface Operation {
  readonly runId: string;
  readonly capability: Capability;
  /** Shown on the tab: kind and tables, never the statement, which may hold personal literals. */
  readonly title: string;
  readonly connection: ConnectionSettings;
  readonly statement?: string;
  readonly parameters?: readonly (string | number | boolean | null)[];
  readonly origin?: Origin;
  /** For reveal and export: the run whose result they are about. */
  readonly of?: string;
  /** Present when this answers a wish for changes: the same request goes on. */
  readonly answers?: SentBack;
  /** Sends the request; again with `ask` once the user has been asked. */
  start(ask?: AskDetails): Promise<RunState | undefined>;
  /** The same under a new id: an id stands for one request at the backend, so asking again needs another. */
  renew(answers?: SentBack): Operation;
}

/** An operation as it stands. */
export interface Progress {
  readonly operation: Operation;
  readonly state: RunState;
  readonly ask?: AskDetails;
  readonly requestId?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export const isOver = (state: RunState): boolean => ['done', 'cancelled', 'blocked', 'failed'].includes(state.state);
