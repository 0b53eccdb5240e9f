/**
 * The bypass corpus: statements written to get at personal data past the gate, one entry each. What every entry
 * promises, on the real database and through the real executor and masking:
 *   1. the attack is real: run directly, it succeeds and (unless told otherwise) its answer holds planted data;
 *   2. the statement asks for approval, or (`runs`) its result is masked;
 *   3. even after an approval to run it, no planted value is shown: not in a cell, not across cells, not in an error.
 */
export interface BypassCase {
  /** Short and unique: what the trick is. */
  readonly trick: string;
  readonly sql: string;
  /**
   * What the answer of a direct run holds: `values`: planted values as they are (default); `derived`: something made
   * from them, or one bit of them; `none`: nothing in the answer (a file, another table, an effect); `error`: the
   * database refuses it (and its message may quote a value).
   */
  readonly reveals?: 'values' | 'derived' | 'none' | 'error';
  /** Result columns that must be masked after an approved run, where `derived` values can't be recognised. */
  readonly masked?: readonly number[];
  /** `runs`: it may run without approval, since masking alone protects it. Default: it asks. */
  readonly expect?: 'asks' | 'runs';
  /** Statements that were run earlier in the same session: each could have been approved with its result masked. */
  readonly before?: readonly string[];
  /** Needs a connection that may write. */
  readonly writes?: true;
}
