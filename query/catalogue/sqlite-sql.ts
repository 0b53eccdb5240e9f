/** Reads the parts of SQLite's stored CREATE statements that its PRAGMAs don't give. */
import { lex, type Token } from '#core/statement/lexer.ts';

interface Word extends Token { readonly text: string; readonly lower: string }

function significant(sql: string): readonly Word[] {
  return lex(sql, 'sqlite').filter((token) => token.kind !== 'comment').map((token) => {
    const text = sql.slice(token.start, token.end);
    return { ...token, text, lower: token.kind === 'word' ? text.toLowerCase() : text };
  });
}

/** The SELECT of `CREATE VIEW name [(columns)] AS select`; undefined when there is none. */
export function viewQuery(sql: string): string | undefined {
  const tokens = significant(sql);
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth += 1;
    else if (token.text === ')') depth -= 1;
    else if (depth === 0 && token.kind === 'word' && token.lower === 'as') return sql.slice(token.end).trim();
  }
  return undefined;
}

/** Column (lower case) → expression of `name type GENERATED ALWAYS AS (expression)`, from a CREATE TABLE. */
export function generatedColumns(sql: string): ReadonlyMap<string, string> {
  const tokens = significant(sql);
  const found = new Map<string, string>();
  let depth = 0;
  let column: string | undefined;
  let first = false;
  tokens.forEach((token, index) => {
    if (token.text === '(') {
      depth += 1;
      if (depth === 1) first = true;
      return;
    }
    if (token.text === ')') { depth -= 1; return; }
    if (token.text === ',' && depth === 1) { first = true; return; }
    if (depth !== 1) return;
    if (first) {
      column = (token.kind === 'quoted' || token.kind === 'string' ? token.text.slice(1, -1) : token.text).toLowerCase();
      first = false;
      return;
    }
    const next = tokens[index + 1];
    if (token.lower === 'as' && next?.text === '(' && column !== undefined) {
      let level = 0;
      for (let at = index + 1; at < tokens.length; at += 1) {
        const inner = tokens[at];
        if (inner?.text === '(') level += 1;
        else if (inner?.text === ')') level -= 1;
        if (inner && level === 0) { found.set(column, sql.slice(next.end, inner.start).trim()); break; }
      }
    }
  });
  return found;
}

/** Module and external content table of `CREATE VIRTUAL TABLE name USING module(…, content=table)`. Source: sqlite.org/fts5.html, section 4.4. */
export function virtualTable(sql: string): { readonly module: string; readonly content?: string } | undefined {
  const tokens = significant(sql);
  const using = tokens.findIndex((token) => token.kind === 'word' && token.lower === 'using');
  const module = tokens[using + 1];
  if (using === -1 || !module) return undefined;
  const at = tokens.findIndex((token, index) => index > using && token.lower === 'content' && tokens[index + 1]?.text === '=');
  const value = at === -1 ? undefined : tokens[at + 2];
  const content = value === undefined ? '' : value.kind === 'word' ? value.text : value.text.slice(1, -1);
  return { module: unquoted(module).toLowerCase(), ...(content !== '' && { content }) };
}

function unquoted({ kind, text }: Word): string { return kind === 'quoted' || kind === 'string' ? text.slice(1, -1) : text; }
