/** What the results page and the extension say to each other. Only masked text crosses. */
import type { RunState } from '#core/wire/protocol.ts';
import type { ResultPage } from '#core/wire/results.ts';
import type { Environment } from '#core/wire/statement.ts';

/** One result tab. */
export interface Tab {
  readonly runId: string;
  readonly title: string;
  readonly connection: { readonly name: string; readonly environment: Environment };
  readonly pinned: boolean;
  readonly run: RunState;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Reveals and exports of this result that are under way or ended badly. */
  readonly side: readonly { readonly runId: string; readonly capability: 'reveal' | 'export'; readonly run: RunState }[];
}

export type CopyFormat = 'tsv' | 'csv' | 'json' | 'markdown' | 'insert';

/** Rows and columns of the present view; `to` is exclusive. Columns by their index in the result, in the order shown. */
export interface Selection { readonly from: number; readonly to: number; readonly columns: readonly number[] }

export interface Sort { readonly column: number; readonly direction: 'asc' | 'desc' }

export type ToPage =
  | { readonly type: 'tabs'; readonly tabs: readonly Tab[]; readonly active: string | undefined }
  | { readonly type: 'page'; readonly generation: number; readonly page: ResultPage }
  | { readonly type: 'page-failed'; readonly generation: number; readonly resultId: string; readonly offset: number; readonly message: string }
  | { readonly type: 'view'; readonly generation: number; readonly resultId: string; readonly rows: number }
  /** `scanned` rows were looked at; without `row` nothing was found among them. */
  | { readonly type: 'found'; readonly resultId: string; readonly row?: number; readonly column?: number; readonly scanned: number; readonly next: number }
  | { readonly type: 'copied'; readonly rows: number; readonly format: CopyFormat }
  | { readonly type: 'command'; readonly command: 'find' };

export type FromPage =
  | { readonly type: 'ready' }
  /** `generation` counts changes of sort, filter and masks: late answers to an earlier one are dropped. */
  | { readonly type: 'page'; readonly generation: number; readonly resultId: string; readonly offset: number; readonly count: number }
  | { readonly type: 'view'; readonly generation: number; readonly resultId: string; readonly sort?: Sort; readonly filter?: string }
  | { readonly type: 'copy'; readonly resultId: string; readonly format: CopyFormat; readonly selection: Selection; readonly headers: boolean }
  | { readonly type: 'select' | 'pin' | 'close' | 'cancel' | 'again' | 'show-statement' | 'difference'; readonly runId: string }
  /** Looks in what is shown, from a cell on, `step` rows forward or back; `from` counts columns by their index. */
  | { readonly type: 'find'; readonly resultId: string; readonly text: string; readonly from: { readonly row: number; readonly column: number }; readonly step: 1 | -1; readonly total: number }
  | { readonly type: 'reveal'; readonly runId: string; readonly columns: readonly number[] }
  | { readonly type: 'export'; readonly runId: string }
  | { readonly type: 'sign-in' | 'start-backend' | 'manage-trust' }
  | { readonly type: 'open-request' | 'resubmit'; readonly requestId: string };
