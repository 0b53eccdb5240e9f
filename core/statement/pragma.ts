/** SQLite's PRAGMA, read from tokens: the generic parser knows only some of its forms. */
import { sqlitePragmas } from './functions/sqlite.ts';
import { type Statement, statementOf } from './ir.ts';
import type { Token } from './lexer.ts';

/**
 * `PRAGMA [schema.]name`, `PRAGMA name(table)`: harmless when listed as such. `PRAGMA name = value` sets something.
 * Undefined when the statement is no PRAGMA.
 */
export function pragmaStatement(text: string, tokens: readonly Token[]): Statement | undefined {
  const words = tokens.filter((token) => token.kind !== 'comment').map((token) => text.slice(token.start, token.end).toLowerCase());
  if (words[0] !== 'pragma') return undefined;
  const rest = words.at(-1) === ';' ? words.slice(1, -1) : words.slice(1);
  const qualified = rest[1] === '.' ? rest.slice(2) : rest;
  const name = qualified[0] ?? '';
  const argument = qualified.slice(1);
  // Those whose argument is a table or an index; with any other, an argument sets the value.
  const describes = /_(?:info|xinfo|list)$/.test(name);
  const called = argument.length === 3 && argument[0] === '(' && argument[2] === ')' && describes;
  const harmless = sqlitePragmas.has(name) && (argument.length === 0 || called);
  return statementOf('pragma', { readOnly: harmless, opaque: harmless ? [] : [{ what: 'ambiguous', detail: 'PRAGMA that may change or show more than shapes' }] });
}
