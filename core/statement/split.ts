/** Cuts a file into statements. */
import type { Dialect } from '../wire/statement.ts';
import type { StatementSpan } from './analyse.ts';
import { lex, type Token } from './lexer.ts';

/** Objects whose definition holds statements between BEGIN and END. */
const bodied = new Set(['trigger', 'procedure', 'proc', 'function', 'event', 'package']);
/** `END IF` and the like close what was never counted as opened. */
const notBlockEnds = new Set(['if', 'loop', 'while', 'repeat', 'for']);

interface Open {
  readonly start: number;
  end: number;
  readonly words: string[];
  /** Open BEGIN and CASE blocks inside a definition. */
  blocks: number;
  parentheses: number;
  previous: string;
}

/**
 * The statements of a text in order, each without the final separator and without leading comments, except that a
 * comment with `@sensitive` directly before a statement belongs to it. Knows `DELIMITER` (MySQL), `GO` (SQL Server),
 * client commands on their own line (`\copy` of psql, `.dump` of sqlite3) and BEGIN … END bodies.
 */
export function split(text: string, dialect: Dialect): readonly StatementSpan[] {
  const spans: StatementSpan[] = [];
  const mysql = dialect === 'mysql' || dialect === 'mariadb';
  let open: Open | undefined;
  let mark: number | undefined;
  let delimiter: string | undefined;
  let skipTo = 0;
  const close = (): void => {
    if (open) spans.push({ start: open.start, end: open.end });
    open = undefined;
    mark = undefined;
  };
  const tokens = lex(text, dialect);
  tokens.forEach((token, index) => {
    if (token.start < skipTo) return;
    if (token.kind === 'comment' && !token.executable) {
      if (!open && mark === undefined && isSensitiveMark(text.slice(token.start, token.end))) mark = token.start;
      return;
    }
    const written = token.kind === 'word' || token.kind === 'symbol' ? text.slice(token.start, token.end) : '';
    const lower = written.toLowerCase();
    if (!open && mysql && lower === 'delimiter') {
      const lineEnds = endOfLine(text, token.start);
      delimiter = text.slice(token.end, lineEnds).trim() || undefined;
      if (delimiter === ';') delimiter = undefined;
      skipTo = lineEnds;
      return;
    }
    if (delimiter !== undefined && text.startsWith(delimiter, token.start)) {
      skipTo = token.start + delimiter.length;
      close();
      return;
    }
    if (dialect === 'sqlserver' && lower === 'go' && isAloneOnLine(text, token)) {
      skipTo = endOfLine(text, token.start);
      close();
      return;
    }
    if (!open && isClientCommand(text, token, dialect)) {
      const lineEnds = endOfLine(text, token.start);
      spans.push({ start: token.start, end: lineEnds });
      skipTo = lineEnds;
      return;
    }
    if (written === ';' && delimiter === undefined) {
      const inside = open !== undefined && (open.blocks > 0 || (dialect === 'postgresql' && open.parentheses > 0));
      if (!inside) { close(); return; }
    }
    if (!open) {
      open = { start: mark ?? token.start, end: token.end, words: [], blocks: 0, parentheses: 0, previous: '' };
    }
    open.end = token.end;
    if (written === '(') open.parentheses += 1;
    else if (written === ')') open.parentheses = Math.max(0, open.parentheses - 1);
    if (token.kind === 'word') trackBlocks(open, lower, followingWord(text, tokens, index), dialect);
  });
  close();
  return spans;
}

/** `-- @sensitive` anywhere in a comment. */
export function isSensitiveMark(comment: string): boolean { return /(?:^|[^\w@])@sensitive\b/.test(comment); }

function trackBlocks(open: Open, word: string, next: string, dialect: Dialect): void {
  const afterEnd = open.previous === 'end';
  open.previous = word;
  if (open.words.length < 12) open.words.push(word);
  if (open.words[0] !== 'create' && open.words[0] !== 'alter') return;
  if (!open.words.some((w) => bodied.has(w))) return;
  if (dialect === 'postgresql') {
    if (word === 'begin' && next === 'atomic') open.blocks += 1;
    else if (open.blocks > 0 && word === 'case') open.blocks += 1;
    else if (open.blocks > 0 && word === 'end') open.blocks -= 1;
    return;
  }
  if (word === 'begin' && !['tran', 'transaction', 'dialog'].includes(next)) open.blocks += 1;
  else if (word === 'case' && open.blocks > 0 && !afterEnd) open.blocks += 1;
  else if (word === 'end' && open.blocks > 0 && !notBlockEnds.has(next)) open.blocks -= 1;
}

function followingWord(text: string, tokens: readonly Token[], index: number): string {
  for (let at = index + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token || token.kind === 'comment') continue;
    return token.kind === 'word' ? text.slice(token.start, token.end).toLowerCase() : '';
  }
  return '';
}

function isClientCommand(text: string, token: Token, dialect: Dialect): boolean {
  const first = text.charAt(token.start);
  return (dialect === 'postgresql' && first === '\\') || (dialect === 'sqlite' && first === '.' && startsLine(text, token.start));
}

function startsLine(text: string, at: number): boolean { return at === 0 || text.charAt(at - 1) === '\n' || text.charAt(at - 1) === '\r'; }

function isAloneOnLine(text: string, token: Token): boolean {
  const before = text.slice(text.lastIndexOf('\n', token.start - 1) + 1, token.start);
  const after = text.slice(token.end, endOfLine(text, token.end));
  return before.trim() === '' && /^\s*\d*\s*$/.test(after);
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  if (at < 0) return text.length;
  return text.charAt(at - 1) === '\r' ? at - 1 : at;
}
