/** Messages between the SQLite session and its process. Each request has one answer with the same `id`. */
import type { Parameter } from './driver.ts';

export interface SqliteOpen { readonly file: string; readonly readOnly: boolean }

export type ToProcess =
  | ({ readonly id: number; readonly kind: 'open' } & SqliteOpen)
  | { readonly id: number; readonly kind: 'describe'; readonly sql: string }
  | { readonly id: number; readonly kind: 'execute'; readonly sql: string; readonly parameters: readonly Parameter[]; readonly maxRows: number; readonly pageSize: number }
  | { readonly id: number; readonly kind: 'next' }
  | { readonly id: number; readonly kind: 'stop' };

export interface SqliteColumn { readonly name: string; readonly type: string | null; readonly schema: string | null; readonly table: string | null; readonly column: string | null }

export interface FromProcess {
  readonly id: number;
  readonly stopped?: true;
  readonly described?: { readonly columns: readonly SqliteColumn[]; readonly reads?: readonly { readonly schema?: string; readonly table: string; readonly column: string }[] };
  /** `affected` is present for statements that give no rows. */
  readonly started?: { readonly columns: readonly SqliteColumn[]; readonly affected?: number };
  readonly page?: { readonly rows: readonly unknown[][]; readonly done: boolean; readonly truncated: boolean };
  readonly error?: { readonly code: string; readonly message: string; readonly errcode?: number };
}
