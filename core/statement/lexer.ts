/**
 * A lexer for the lexical rules in which SQL dialects differ: comments, strings, quoted names, dollar quotes,
 * parameters. It cuts files into statements and finds literals; meaning is left to the real parsers.
 */
import type { Dialect } from '../wire/statement.ts';

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'symbol' | 'comment';

/** Offsets are UTF-16 units. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** A comment that the database runs: `/*! … *​/` and `/*M! … *​/` of MySQL and MariaDB. */
  readonly executable?: true;
  /** A string, name or comment that the text ends in. */
  readonly unterminated?: true;
}

interface Rules {
  readonly nestedComments: boolean;
  readonly hashComments: boolean;
  /** MySQL: `--` opens a comment only before white space or a control character. */
  readonly spacedDashes: boolean;
  readonly backslashStrings: boolean;
  readonly dollarQuotes: boolean;
  readonly doubleQuotedStrings: boolean;
  readonly backticks: boolean;
  readonly brackets: boolean;
  readonly executableComments: boolean;
  /** `E'…'` strings with backslashes. */
  readonly escapeStrings: boolean;
  /** What may open a parameter besides `?`. */
  readonly parameterSigils: string;
}

const base: Rules = {
  nestedComments: false, hashComments: false, spacedDashes: false, backslashStrings: false, dollarQuotes: false,
  doubleQuotedStrings: false, backticks: false, brackets: false, executableComments: false, escapeStrings: false, parameterSigils: '',
};
const mysql: Rules = { ...base, hashComments: true, spacedDashes: true, backslashStrings: true, doubleQuotedStrings: true, backticks: true, executableComments: true, parameterSigils: ':' };
const rulesOf: Readonly<Record<Dialect, Rules>> = {
  sqlite: { ...base, backticks: true, brackets: true, parameterSigils: ':@$' },
  postgresql: { ...base, nestedComments: true, dollarQuotes: true, escapeStrings: true, parameterSigils: ':$' },
  mysql,
  mariadb: mysql,
  sqlserver: { ...base, nestedComments: true, brackets: true, parameterSigils: '@:' },
  trino: { ...base, parameterSigils: ':' },
};

const wordStart = /[\p{L}_\u0080-\u{10ffff}]/u;
const wordPart = /[\p{L}\p{N}_$\u0080-\u{10ffff}]/u;

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code > 127 && wordStart.test(String.fromCharCode(code)));
}
function isWordPart(code: number): boolean {
  return isWordStart(code) || isDigit(code) || code === 36 || (code > 127 && wordPart.test(String.fromCharCode(code)));
}
function isDigit(code: number): boolean { return code >= 48 && code <= 57; }
function isSpace(code: number): boolean { return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff; }

/** All tokens but white space, in order. Linear; never throws. */
export function lex(text: string, dialect: Dialect): readonly Token[] {
  const rules = rulesOf[dialect];
  const tokens: Token[] = [];
  const length = text.length;
  let at = 0;
  const push = (kind: TokenKind, end: number, extra?: { executable?: true; unterminated?: true }): void => {
    tokens.push({ kind, start: at, end, ...extra });
    at = end;
  };
  while (at < length) {
    const code = text.charCodeAt(at);
    const next = at + 1 < length ? text.charCodeAt(at + 1) : -1;
    if (isSpace(code)) { at += 1; continue; }
    if (code === 45 && next === 45 && (!rules.spacedDashes || at + 2 >= length || text.charCodeAt(at + 2) <= 32)) {
      push('comment', lineEnd(text, at));
    } else if (code === 35 && rules.hashComments) {
      push('comment', lineEnd(text, at));
    } else if (code === 47 && next === 42) {
      const { end, closed } = blockComment(text, at, rules.nestedComments);
      const third = text.charAt(at + 2);
      const executable = rules.executableComments && (third === '!' || (third === 'M' && text.charAt(at + 3) === '!'));
      push('comment', end, { ...(executable && { executable: true as const }), ...(!closed && { unterminated: true as const }) });
    } else if (code === 39) {
      const { end, closed } = quoted(text, at, 39, rules.backslashStrings);
      push('string', end, closed ? undefined : { unterminated: true });
    } else if (code === 34) {
      const { end, closed } = quoted(text, at, 34, rules.doubleQuotedStrings && rules.backslashStrings);
      push(rules.doubleQuotedStrings ? 'string' : 'quoted', end, closed ? undefined : { unterminated: true });
    } else if (code === 96 && rules.backticks) {
      const { end, closed } = quoted(text, at, 96, false);
      push('quoted', end, closed ? undefined : { unterminated: true });
    } else if (code === 91 && rules.brackets) {
      const { end, closed } = quoted(text, at, 93, false);
      push('quoted', end, closed ? undefined : { unterminated: true });
    } else if (code === 36 && rules.dollarQuotes && dollarTag(text, at) !== undefined) {
      const tag = dollarTag(text, at) ?? '';
      const close = text.indexOf(tag, at + tag.length);
      push('string', close < 0 ? length : close + tag.length, close < 0 ? { unterminated: true } : undefined);
    } else if (isDigit(code) || (code === 46 && isDigit(next))) {
      push('number', numberEnd(text, at));
    } else if (isWordStart(code)) {
      word(text, rules, at, push);
    } else if (code === 63) {
      let end = at + 1;
      while (end < length && isDigit(text.charCodeAt(end))) end += 1;
      push(dialect === 'postgresql' ? 'symbol' : 'parameter', dialect === 'postgresql' ? at + 1 : end);
    } else if (rules.parameterSigils.includes(text.charAt(at)) && isParameter(text, at, code, next)) {
      let end = at + (next === 64 ? 2 : 1);
      while (end < length && isWordPart(text.charCodeAt(end))) end += 1;
      push('parameter', end);
    } else if (code === 58 && next === 58) {
      push('symbol', at + 2);
    } else {
      push('symbol', at + 1);
    }
  }
  return tokens;
}

/** A word, or a string with a prefix: `E'…'`, `N'…'`, `X'…'`, `_utf8'…'`. */
function word(text: string, rules: Rules, start: number, push: (kind: TokenKind, end: number, extra?: { unterminated?: true }) => void): void {
  let end = start + 1;
  while (end < text.length && isWordPart(text.charCodeAt(end))) end += 1;
  const written = text.slice(start, end);
  if (text.charCodeAt(end) === 39 && /^(?:[bxn]|e)$/i.test(written)) {
    const escapes = rules.backslashStrings || (rules.escapeStrings && /^e$/i.test(written));
    const { end: close, closed } = quoted(text, end, 39, escapes);
    push('string', close, closed ? undefined : { unterminated: true });
    return;
  }
  push('word', end);
}

/** `:name`, `@name`, `$1`, `$name`, but not `::`, `:=`, `@@variable` of the server or a JSON path. */
function isParameter(text: string, at: number, code: number, next: number): boolean {
  if (code === 58) return (isWordStart(next) || isDigit(next)) && text.charAt(at - 1) !== ':';
  return isWordStart(next) || isDigit(next) || (code === 64 && next === 64);
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

function blockComment(text: string, start: number, nested: boolean): { end: number; closed: boolean } {
  if (!nested) {
    const close = text.indexOf('*/', start + 2);
    return close < 0 ? { end: text.length, closed: false } : { end: close + 2, closed: true };
  }
  let depth = 1;
  let at = start + 2;
  while (at < text.length) {
    if (text.startsWith('*/', at)) {
      depth -= 1;
      at += 2;
      if (depth === 0) return { end: at, closed: true };
    } else if (text.startsWith('/*', at)) {
      depth += 1;
      at += 2;
    } else at += 1;
  }
  return { end: text.length, closed: false };
}

/** From the opening quote to after the closing one; a doubled quote is part of the content. */
function quoted(text: string, start: number, close: number, backslash: boolean): { end: number; closed: boolean } {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (backslash && code === 92) { at += 2; continue; }
    if (code === close) {
      if (text.charCodeAt(at + 1) === close) { at += 2; continue; }
      return { end: at + 1, closed: true };
    }
    at += 1;
  }
  return { end: text.length, closed: false };
}

/** The opening tag `$$` or `$name$` of a dollar-quoted string; undefined when it is none (`$1`, or part of a name). */
function dollarTag(text: string, at: number): string | undefined {
  if (at > 0 && isWordPart(text.charCodeAt(at - 1))) return undefined;
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) !== 36) {
    const code = text.charCodeAt(end);
    if (!(isWordStart(code) || (end > at + 1 && isDigit(code)))) return undefined;
    end += 1;
  }
  return end < text.length ? text.slice(at, end + 1) : undefined;
}

function numberEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const exponent = (code === 43 || code === 45) && /[eE]/.test(text.charAt(at - 1)) && !/^0[xX]/.test(text.slice(start, start + 2));
    if (isWordPart(code) || code === 46 || exponent) at += 1; else break;
  }
  return at;
}
