/**
 * Splits SQL into tokens for display. It colours, it decides nothing: what a statement does is in its facts. Every
 * character of the text is in exactly one token, whatever the text is. Linear in its length.
 */

export type TokenKind = 'keyword' | 'name' | 'string' | 'number' | 'comment' | 'placeholder' | 'punctuation' | 'space';

export interface SqlToken {
  readonly kind: TokenKind;
  readonly text: string;
  /** For names: the name without its quotes. */
  readonly name?: string;
}

const keywords = new Set(`
  all alter and any as asc begin between by call case cast commit copy create cross database default delete desc distinct drop
  else end escape except execute exists explain export false fetch filter first following for from full function grant group
  having if ilike in index inner insert intersect into is join lateral left like limit lock merge natural next not null nulls of
  offset on only or order outer over partition preceding pragma procedure range recursive replace returning revoke right rollback
  row rows savepoint schema select set show similar some table temporary then to top trigger true truncate unbounded union unique
  update use using values view when where window with
`.split(/\s+/).filter((word) => word !== ''));

/** One alternative a kind, tried at each position in this order; the last takes any single character. */
const pattern = new RegExp([
  /(?<comment>--[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$))/,
  /(?<string>'(?:[^']|'')*(?:'|$)|\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$))/,
  /(?<quoted>"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|\[[A-Za-z_][^\]\n]*\])/,
  /(?<placeholder>\?|\$\d+|[:@][A-Za-z_]\w*)/,
  /(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/,
  /(?<word>[\p{L}_][\p{L}\p{N}_$]*)/u,
  /(?<space>\s+)/,
  /(?<punctuation>[\s\S])/,
].map((part) => part.source).join('|'), 'gu');

export function sqlTokens(text: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const match of text.matchAll(pattern)) {
    const [whole] = match;
    const groups = match.groups ?? {};
    if (groups.comment !== undefined) tokens.push({ kind: 'comment', text: whole });
    else if (groups.string !== undefined) tokens.push({ kind: 'string', text: whole });
    else if (groups.quoted !== undefined) tokens.push({ kind: 'name', text: whole, name: whole.slice(1, -1).replaceAll('""', '"') });
    else if (groups.placeholder !== undefined) tokens.push({ kind: 'placeholder', text: whole });
    else if (groups.number !== undefined) tokens.push({ kind: 'number', text: whole });
    else if (groups.word !== undefined) tokens.push(keywords.has(whole.toLowerCase()) ? { kind: 'keyword', text: whole } : { kind: 'name', text: whole, name: whole });
    else tokens.push({ kind: groups.space === undefined ? 'punctuation' : 'space', text: whole });
  }
  return tokens;
}

/** The tokens line by line, so that each line of the statement can have its number. */
export function sqlLines(text: string): readonly (readonly SqlToken[])[] {
  const lines: SqlToken[][] = [[]];
  for (const token of sqlTokens(text)) {
    const parts = token.text.split(/\r\n|\r|\n/);
    for (const [i, part] of parts.entries()) {
      if (i > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ ...token, text: part });
    }
  }
  return lines;
}
