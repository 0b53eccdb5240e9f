/** Masked results: all that ever leaves the server process. */

export interface ResultColumn {
  readonly index: number;
  readonly name: string;
  readonly databaseType: string;
  /** Where the value comes from, where known. */
  readonly origin?: { readonly schema?: string; readonly table: string; readonly column: string };
  readonly masked: boolean;
  /** Why: "customers.ssn is a government id (inventory)". Empty when nothing is known against it. */
  readonly reasons: readonly string[];
  readonly entity?: string;
  readonly category?: string;
  /** Whether reveal may be asked for. */
  readonly revealable: boolean;
  /** True while a reveal grant lives. */
  readonly revealed: boolean;
}

/** A cell as shown. `m` marks a masked cell, or one with masked spans. */
export interface Cell { readonly v: string | null; readonly m?: 1 }

export interface ResultSummary {
  readonly resultId: string;
  readonly connectionId: string;
  readonly columns: readonly ResultColumn[];
  /** Rows held so far. */
  readonly rows: number;
  readonly complete: boolean;
  /** Why there may be more rows than shown. */
  readonly truncated?: { readonly by: 'row-cap' | 'grant' | 'memory'; readonly at: number };
  readonly elapsedMs: number;
  /** Rows that a write changed. */
  readonly affected?: number;
  readonly drift: readonly { readonly column: string; readonly entity: string }[];
}

export interface ResultPage { readonly resultId: string; readonly offset: number; readonly rows: readonly (readonly Cell[])[] }
