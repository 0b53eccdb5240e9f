import type { JSX } from 'preact';
import type { SensitiveColumn } from '#core/wire/statement.ts';
import type { SqlToken } from './sql-tokens.ts';
import { categoryName } from './words.ts';

/** UTF-16 offsets in a line; `end` is exclusive. */
export interface Span { readonly start: number; readonly end: number }

/** Sensitive columns by their name in lower case. */
export type Marked = ReadonlyMap<string, SensitiveColumn>;

export function byColumnName(sensitive: readonly SensitiveColumn[]): Marked {
  return new Map(sensitive.map((column) => [column.column.toLowerCase(), column]));
}

/** One line of SQL, coloured, with its sensitive columns marked. Text only: nothing in it is ever markup. */
export function Tokens({ tokens, marked, changed }: { readonly tokens: readonly SqlToken[]; readonly marked: Marked; readonly changed?: Span | undefined }): JSX.Element {
  if (changed === undefined || changed.start >= changed.end) return <>{tokens.map((token, i) => <Token key={i} token={token} marked={marked} />)}</>;
  const parts = [[0, changed.start], [changed.start, changed.end], [changed.end, Number.POSITIVE_INFINITY]] as const;
  const [before, inside, after] = parts.map(([start, end]) => within(tokens, { start, end }).map((token, i) => <Token key={i} token={token} marked={marked} />));
  return <>{before}<span class="changed">{inside}</span>{after}</>;
}

/** The pieces of tokens that lie in a span of the line; a piece keeps its token's kind and name. */
function within(tokens: readonly SqlToken[], { start, end }: Span): readonly SqlToken[] {
  let at = 0;
  return tokens.flatMap((token) => {
    const from = at;
    at += token.text.length;
    const text = token.text.slice(Math.max(0, start - from), Math.max(0, end - from));
    return text === '' ? [] : [{ ...token, text }];
  });
}

function Token({ token, marked }: { readonly token: SqlToken; readonly marked: Marked }): JSX.Element {
  const column = token.name === undefined ? undefined : marked.get(token.name.toLowerCase());
  if (column !== undefined) return <mark class="sensitive" title={`${column.table}.${column.column}: ${categoryName(column.category)}`}>{token.text}</mark>;
  return token.kind === 'space' || token.kind === 'punctuation' || token.kind === 'name' ? <>{token.text}</> : <span class={`sql-${token.kind}`}>{token.text}</span>;
}
