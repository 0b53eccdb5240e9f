/** The one place that calls a statement harmless. */
import type { Opaque, StatementFacts } from '../wire/statement.ts';

declare const harmlessBrand: unique symbol;

/** Proof that this exact statement reads nothing sensitive. Only `assess` makes it. */
export interface Harmless {
  readonly [harmlessBrand]: true;
  /** The executor compares it, to the character, with what it runs. */
  readonly statement: string;
}

export type Assessment =
  | { readonly sensitive: false; readonly harmless: Harmless }
  | { readonly sensitive: true; /** Short sentences in the user's terms, worst first; no literal of the statement. */ readonly why: readonly string[] };

const opaqueSentence: Readonly<Record<Opaque['what'], string>> = {
  unparsable: 'could not be parsed',
  function: 'calls a function that is not known to be safe',
  'table-function': 'reads from a table function',
  procedure: 'calls a procedure',
  'dynamic-sql': 'runs SQL that is made at run time',
  'unknown-table': 'reads a table or column that the catalogue does not know',
  'file-access': 'reads or writes files',
  'too-large': 'is too large to be analysed',
  'parser-failed': 'made the parser fail',
  'nul-byte': 'holds a NUL byte',
  ambiguous: 'could not be fully understood',
};

/**
 * Harmless only when the statement is a single read, every table and column in it is known, nothing in it is
 * opaque, nothing is exported and no sensitive column is read, filtered on or written. Everything else asks.
 * @param statement the exact text that `facts` were made from
 */
export function assess(facts: StatementFacts, statement: string): Assessment {
  const why: string[] = [];
  for (const column of facts.sensitive) {
    const name = `${column.table}.${column.column}`;
    const verb = column.use === 'output' ? 'reads' : column.use === 'filter' ? 'filters or sorts on' : 'writes';
    why.push(`${verb} ${name} (${column.entity})`);
  }
  if (facts.exports) why.push('writes data out of the database');
  if (!facts.readOnly) why.push(facts.kind === 'unparsable' ? 'may change data' : 'changes data or the session');
  if (facts.statements !== 1) why.push(facts.statements === 0 ? 'holds no statement' : `holds ${facts.statements} statements`);
  for (const opaque of facts.opaque) why.push(opaque.detail ? `${opaqueSentence[opaque.what]}: ${opaque.detail}` : opaqueSentence[opaque.what]);
  if (why.length > 0) return { sensitive: true, why: [...new Set(why)] };
  return { sensitive: false, harmless: { statement } as Harmless };
}
