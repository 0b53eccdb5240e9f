/** The results that are open, each with what is needed to ask for more of it. */
import type { StatementFacts } from '#core/wire/statement.ts';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { ConnectionIdentity } from '#core/wire/approval.ts';
import type { Harmless } from '#core/statement/assess.ts';
import type { Parameter } from '#query/drivers/driver.ts';
import type { ResultSet } from '#query/results/result-set.ts';

export interface OpenResult {
  readonly result: ResultSet;
  readonly statement: string;
  readonly parameters: readonly Parameter[];
  readonly settings: ConnectionSettings;
  readonly connection: ConnectionIdentity;
  readonly facts: StatementFacts;
  readonly harmless?: Harmless;
  /** A gateway ran it: the raw rows were never here, and can't be had again. */
  readonly gateway?: true;
  readonly preview: string;
  readonly redactions: number;
}

/** More results than anybody looks at; the oldest is closed first. */
const MAX_RESULTS = 40;

export class ResultRegistry {
  readonly #open = new Map<string, OpenResult>();

  add(open: OpenResult): void {
    this.#open.set(open.result.identity.resultId, open);
    const oldest = this.#open.keys().next();
    if (this.#open.size > MAX_RESULTS && !oldest.done) this.close(oldest.value);
  }

  get(resultId: string): OpenResult | undefined { return this.#open.get(resultId); }

  close(resultId: string): void {
    this.#open.get(resultId)?.result.close();
    this.#open.delete(resultId);
  }

  closeAll(): void { for (const id of [...this.#open.keys()]) this.close(id); }
}

/** The facts of the statement, with what was found in its result besides: what a reveal or an export is really about. */
export function factsWithFindings({ facts, result }: Pick<OpenResult, 'facts' | 'result'>): StatementFacts {
  const known = new Set(facts.sensitive.map((s) => `${s.table}.${s.column}`.toLowerCase()));
  const drift = new Map(result.summary().drift.map((d) => [d.column, d.entity]));
  const added = result.verdicts.flatMap((v) => {
    const entity = v.entity ?? drift.get(v.name);
    if (entity === undefined) return [];
    return v.clear.filter((c) => !known.has(`${c.table}.${c.column}`.toLowerCase()))
      .map((c) => ({ ...(c.schema === undefined ? {} : { schema: c.schema }), table: c.table, column: c.column, entity, category: v.category ?? 'user', use: 'output' as const }));
  });
  return added.length === 0 ? facts : { ...facts, sensitive: [...facts.sensitive, ...added] };
}
