/**
 * Base columns in the statement as MySQL's and MariaDB's optimiser has rewritten it: `EXPLAIN` leaves it as note 1003,
 * views merged and every name qualified (dev.mysql.com/doc/refman/8.4/en/explain-extended.html). The text may hold values
 * of constant tables: only the names in it are taken.
 */
import type { ColumnOrigin } from './driver.ts';

/** @param rewritten the text of note 1003 */
export function columnsOfRewritten(rewritten: string): readonly ColumnOrigin[] {
  const tokens = tokensOf(rewritten);
  const aliases = new Map<string, { readonly schema: string; readonly table: string }>();
  const chains = chainsOf(tokens);
  // `shop`.`customers` `c`: a table and its alias. Two quoted names in a row are nothing else.
  for (const { parts, next } of chains) {
    const [schema, table] = parts;
    if (parts.length === 2 && schema !== undefined && table !== undefined && next !== undefined) aliases.set(next, { schema, table });
  }
  const found = new Map<string, ColumnOrigin>();
  const add = (origin: ColumnOrigin): void => { found.set(JSON.stringify(origin), origin); };
  for (const { parts } of chains) {
    const [first = '', second = '', third] = parts;
    if (third !== undefined) add({ ...(aliases.get(second) ?? { schema: first, table: second }), column: third });
    const known = parts.length === 2 ? aliases.get(first) : undefined;
    if (known) add({ ...known, column: second });
  }
  return [...found.values()];
}

type Token = { readonly is: 'name'; readonly text: string } | { readonly is: 'dot' } | { readonly is: 'other' };

/** Names in back quotes, dots, and everything else; strings and comments are passed over. */
function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/`((?:[^`]|``)*)`|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|\/\*[\s\S]*?\*\/|\.(?!\d)|[^\s`'".]+/g)) {
    const [whole, name] = match;
    if (name !== undefined) tokens.push({ is: 'name', text: name.replaceAll('``', '`') });
    else if (whole === '.') tokens.push({ is: 'dot' });
    else if (!whole.startsWith('/*')) tokens.push({ is: 'other' });
  }
  return tokens;
}

/** `a`.`b`.`c`, and the name that follows without anything between. */
function chainsOf(tokens: readonly Token[]): readonly { readonly parts: readonly string[]; readonly next: string | undefined }[] {
  const chains: { parts: string[]; next: string | undefined }[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.is !== 'name') continue;
    const parts = [token.text];
    while (tokens[at + 1]?.is === 'dot') {
      const part = tokens[at + 2];
      if (part?.is !== 'name') break;
      parts.push(part.text);
      at += 2;
    }
    const next = tokens[at + 1];
    chains.push({ parts, next: next?.is === 'name' ? next.text : undefined });
  }
  return chains;
}
