/**
 * Turns a statement's placeholders (`?`, `$2`, `:name`, `@name`) into those that its driver binds. Only placeholder
 * tokens change; values stay beside the statement and are never written into it.
 */
import { lex } from '#core/statement/lexer.ts';
import type { Dialect } from '#core/wire/statement.ts';
import { DatabaseError, type Parameter } from '#query/drivers/driver.ts';

export interface BoundText { readonly sql: string; readonly values: readonly Parameter[] }

/**
 * @param values in the order of `StatementFacts.parameters`: each name once, each bare `?` by itself
 * @throws DatabaseError when there are more or fewer values than placeholders
 */
export function bindParameters(statement: string, dialect: Dialect, values: readonly Parameter[]): BoundText {
  const { sql, order, names } = withPlaceholders(statement, dialect);
  // Without values the statement goes out as it is: the database says what it misses.
  if (values.length === 0) return { sql: statement, values };
  if (names.length !== values.length) {
    throw new DatabaseError('settings', `The statement has ${names.length} ${names.length === 1 ? 'parameter' : 'parameters'} (${names.join(', ')}) but ${values.length} ${values.length === 1 ? 'value was' : 'values were'} given.`);
  }
  return { sql, values: numbered(dialect) ? values : order.map((index) => values[index] ?? null) };
}

/** The statement with its driver's own placeholders; `order` says for each of them which parameter it stands for. */
export function withPlaceholders(statement: string, dialect: Dialect): { readonly sql: string; readonly names: readonly string[]; readonly order: readonly number[] } {
  const names: string[] = [];
  const order: number[] = [];
  let sql = '';
  let at = 0;
  for (const token of lex(statement, dialect)) {
    if (token.kind !== 'parameter') continue;
    const name = statement.slice(token.start, token.end);
    // SQL Server's and MySQL's own variables.
    if (name.startsWith('@@')) continue;
    const known = name === '?' ? -1 : names.indexOf(name);
    const index = known === -1 ? names.push(name) - 1 : known;
    order.push(index);
    sql += statement.slice(at, token.start) + placeholder(dialect, index);
    at = token.end;
  }
  return { sql: sql + statement.slice(at), names, order };
}

/** Where placeholders have no number, a name that stands twice is bound twice. */
function numbered(dialect: Dialect): boolean { return dialect === 'postgresql' || dialect === 'sqlserver'; }

function placeholder(dialect: Dialect, index: number): string {
  switch (dialect) {
    case 'postgresql': return `$${index + 1}`;
    case 'sqlserver': return `@p${index + 1}`;
    default: return '?';
  }
}
