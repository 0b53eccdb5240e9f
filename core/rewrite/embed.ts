/**
 * Puts a replacement where a value stood so that the document stays syntactically what it was: a JSON string stays a
 * JSON string, a CSV row keeps its fields, a YAML scalar does not become an alias, a comment does not end early.
 */
import type { TextEdit } from '../engine/detector.ts';
import type { LanguageSyntax } from './language-syntax.ts';
import { type Token, tokensAt } from './lexical.ts';

export interface Replace { readonly start: number; readonly end: number; readonly by: string }

/** Edits in ascending order, not overlapping. Spans must be ascending and must not overlap. Linear in text and spans. */
export function embed(text: string, syntax: LanguageSyntax, spans: readonly Replace[]): readonly TextEdit[] {
  const tokens = tokensAt(text, syntax, spans.map(({ start }) => start));
  const edits: TextEdit[] = [];
  for (const [index, span] of spans.entries()) {
    const edit = embedOne(text, syntax, span, tokens[index]!);
    const previous = edits.at(-1);
    // Two numbers of one bare token: the first edit already replaced the whole token.
    if (previous === undefined || edit.start >= previous.end) edits.push(edit);
  }
  return edits;
}

function embedOne(text: string, syntax: LanguageSyntax, span: Replace, token: Token): TextEdit {
  const by = span.by.replace(/[\r\n]+/g, ' ');
  const whole = span.start <= token.start && span.end >= token.end;
  switch (token.kind) {
    case 'string':
      if (syntax.bare === 'xml') return { ...bounds(span), text: escapeXml(by) };
      return whole ? { ...bounds(span), text: `${token.string!.open}${inString(by, token)}${token.string!.close}` } : { ...bounds(span), text: inString(by, token) };
    case 'line-comment':
      return { ...bounds(span), text: by };
    case 'block-comment':
      return { ...bounds(span), text: inBlockComment(text, span, by, syntax) };
    default:
      return bare(text, syntax, span, by);
  }
}

function bounds(span: Replace): { start: number; end: number } {
  return { start: span.start, end: span.end };
}

function inString(by: string, token: Token): string {
  const { open, close, escape: style } = token.string!;
  if (style === 'none') return by.replaceAll(close, ' ');
  if (style === 'double') return by.replaceAll(close, close + close);
  const escaped = by.replaceAll('\\', '\\\\').replaceAll(close[0]!, `\\${close[0]}`);
  return open === '`' ? escaped.replaceAll('${', '\\${') : escaped;
}

/** No closing delimiter may come to stand, alone or together with what touches the value. */
function inBlockComment(text: string, span: Replace, by: string, syntax: LanguageSyntax): string {
  const close = syntax.block![1];
  const around = close.length - 1;
  const ends = text.slice(Math.max(0, span.start - around), span.start) + by + text.slice(span.end, span.end + around);
  return ends.includes(close) ? by.replace(/[^\p{L}\p{N} ]/gu, 'x') : by;
}

function bare(text: string, syntax: LanguageSyntax, span: Replace, by: string): TextEdit {
  switch (syntax.bare) {
    case 'json':
      return quoteWord(text, span, by, /[\w.+-]/);
    case 'code':
      // A bare value in code is a number: replacing it by anything but a number needs a string literal.
      return /^[\d._]+$/.test(by) && !/^0\d/.test(by) ? { ...bounds(span), text: by } : quoteWord(text, span, by, /[\w.]/, syntax.strings[0]?.open ?? '"');
    case 'yaml':
      return yamlScalar(text, span, by);
    case 'csv':
      return { ...bounds(span), text: by.replace(/[",;|\t]/g, ' ') };
    case 'xml':
      return { ...bounds(span), text: escapeXml(by) };
    case 'env':
      return { ...bounds(span), text: by.replace(/[\s#"'$`\\]/g, '_') };
    default:
      return { ...bounds(span), text: by };
  }
}

/** Replaces the whole word that holds the span by a string literal. */
function quoteWord(text: string, span: Replace, by: string, part: RegExp, quote = '"'): TextEdit {
  let { start, end } = span;
  while (start > 0 && part.test(text[start - 1]!)) start--;
  while (end < text.length && part.test(text[end]!)) end++;
  const escaped = quote === '"' ? JSON.stringify(by).slice(1, -1) : by.replaceAll(quote, quote + quote);
  return { start, end, text: `${quote}${escaped}${quote}` };
}

/** The whole plain scalar is double-quoted; inside a longer scalar only characters that mean nothing to YAML are used. */
function yamlScalar(text: string, span: Replace, by: string): TextEdit {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1;
  const feed = text.indexOf('\n', span.end);
  const rest = text.slice(span.end, feed === -1 ? text.length : feed);
  const wholeScalar = /(?:^|[:\-[,{?]\s+|^\s*)$/.test(text.slice(lineStart, span.start)) && /^\s*(?:#.*|\r|[,\]}].*)?$/.test(rest);
  if (wholeScalar) return { ...bounds(span), text: JSON.stringify(by) };
  return { ...bounds(span), text: by.replace(/[*&!|>'"%@`#{}[\],?:\\]/g, 'x') };
}

function escapeXml(by: string): string {
  return by.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
