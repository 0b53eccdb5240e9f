/**
 * A small lexer: says for offsets of a document whether they stand in a string, a comment or bare text, and where that
 * token begins and ends. One pass, linear, for any number of offsets. It need not parse: being wrong about an exotic
 * literal costs one more or one less escape, never an exception.
 */
import type { LanguageSyntax, StringSyntax } from './language-syntax.ts';

export interface Token {
  readonly kind: 'bare' | 'string' | 'line-comment' | 'block-comment';
  /** UTF-16 offsets; delimiters included. For `bare`, the stretch between two tokens. */
  readonly start: number;
  readonly end: number;
  readonly string?: StringSyntax;
}

/** Tokens at the given offsets (ascending). A token reaches from its first unit to before its end. */
export function tokensAt(text: string, syntax: LanguageSyntax, offsets: readonly number[]): readonly Token[] {
  const found: Token[] = [];
  const next = openers(syntax);
  let wanted = 0;
  let at = 0;
  const emit = (token: Token): void => {
    while (wanted < offsets.length && offsets[wanted]! < token.end) {
      found.push(token);
      wanted++;
    }
  };
  while (at < text.length && wanted < offsets.length) {
    next.lastIndex = at;
    const match = next.exec(text);
    const start = match?.index ?? text.length;
    if (start > at) emit({ kind: 'bare', start: at, end: start });
    if (match === null) break;
    const token = tokenFrom(text, start, match[0], syntax);
    if (token === undefined) {
      emit({ kind: 'bare', start, end: start + 1 });
      at = start + 1;
    } else {
      emit(token);
      at = token.end;
    }
  }
  while (found.length < offsets.length) found.push({ kind: 'bare', start: Math.min(at, text.length), end: text.length });
  return found;
}

function openers(syntax: LanguageSyntax): RegExp {
  const all = [...syntax.strings.map(({ open }) => open), ...(syntax.line === undefined ? [] : [syntax.line]), ...(syntax.block === undefined ? [] : [syntax.block[0]])];
  if (syntax.regexLiterals === true) all.push('/');
  all.sort((left, right) => right.length - left.length);
  // Literals only: linear.
  return new RegExp(all.length === 0 ? '(?!)' : all.map((literal) => literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'), 'g');
}

function tokenFrom(text: string, start: number, opener: string, syntax: LanguageSyntax): Token | undefined {
  if (opener === syntax.block?.[0]) {
    const close = text.indexOf(syntax.block[1], start + opener.length);
    return { kind: 'block-comment', start, end: close === -1 ? text.length : close + syntax.block[1].length };
  }
  if (opener === syntax.line) {
    if (syntax.bare !== 'code' && opener === '#' && start > 0 && !/\s/.test(text[start - 1]!)) return undefined;
    return { kind: 'line-comment', start, end: endOfLine(text, start) };
  }
  const string = syntax.strings.find(({ open }) => open === opener);
  if (string === undefined) return regexLiteral(text, start);
  // In YAML and CSV a quote opens a string only where a value may begin; elsewhere it is part of a bare value (O'Neil).
  if ((syntax.bare === 'yaml' || syntax.bare === 'csv' || syntax.bare === 'env') && !opensValue(text, start)) return undefined;
  return { kind: 'string', start, end: endOfString(text, start + opener.length, string), string };
}

function opensValue(text: string, at: number): boolean {
  const before = at === 0 ? '\n' : text[at - 1]!;
  return /[\s,;|\t:=[{(-]/.test(before);
}

function endOfLine(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  const end = feed === -1 ? text.length : feed;
  return end > from && text[end - 1] === '\r' ? end - 1 : end;
}

function endOfString(text: string, from: number, string: StringSyntax): number {
  const limit = string.multiline === true ? text.length : endOfLine(text, from);
  let at = from;
  while (at < limit) {
    if (string.escape === 'backslash' && text[at] === '\\') {
      at += 2;
      continue;
    }
    if (text.startsWith(string.close, at)) {
      const after = at + string.close.length;
      if (string.escape !== 'double' || !text.startsWith(string.close, after)) return after;
      at = after + string.close.length;
      continue;
    }
    at++;
  }
  return Math.min(at, limit);
}

/** `/…/` after an operator or at the start of an expression is a regular expression; else it is a division. */
function regexLiteral(text: string, start: number): Token | undefined {
  let before = start - 1;
  while (before >= 0 && (text[before] === ' ' || text[before] === '\t')) before--;
  if (before >= 0 && !/[=(,:;!&|?{}[\n+~^%<>*-]/.test(text[before]!) && !/\b(?:return|typeof|case|in|of)$/.test(text.slice(Math.max(0, before - 8), before + 1))) return undefined;
  const limit = endOfLine(text, start);
  let inClass = false;
  for (let at = start + 1; at < limit; at++) {
    const unit = text[at];
    if (unit === '\\') at++;
    else if (unit === '[') inClass = true;
    else if (unit === ']') inClass = false;
    else if (unit === '/' && !inClass) return { kind: 'string', start, end: at + 1, string: { open: '/', close: '/', escape: 'backslash' } };
  }
  return undefined;
}
