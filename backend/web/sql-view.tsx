import type { JSX } from 'preact';
import type { SensitiveColumn } from '#core/wire/statement.ts';
import type { SqlToken } from './sql-tokens.ts';
import { categoryName } from './words.ts';

/** Sensitive columns by their name in lower case. */
export type Marked = ReadonlyMap<string, SensitiveColumn>;

export function byColumnName(sensitive: readonly SensitiveColumn[]): Marked {
  return new Map(sensitive.map((column) => [column.column.toLowerCase(), column]));
}

/** One line of SQL, coloured, with its sensitive columns marked. Text only: nothing in it is ever markup. */
export function Tokens({ tokens, marked }: { readonly tokens: readonly SqlToken[]; readonly marked: Marked }): JSX.Element {
  return <>{tokens.map((token, i) => <Token key={i} token={token} marked={marked} />)}</>;
}

function Token({ token, marked }: { readonly token: SqlToken; readonly marked: Marked }): JSX.Element {
  const column = token.name === undefined ? undefined : marked.get(token.name.toLowerCase());
  if (column !== undefined) return <mark class="sensitive" title={`${column.table}.${column.column}: ${categoryName(column.category)}`}>{token.text}</mark>;
  return token.kind === 'space' || token.kind === 'punctuation' || token.kind === 'name' ? <>{token.text}</> : <span class={`sql-${token.kind}`}>{token.text}</span>;
}
