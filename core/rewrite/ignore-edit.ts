/**
 * An ignore comment where the language has room for one. A trailing comment where the line ends in code; else the lines of
 * the enclosing string or block scalar are framed by `-start` and `-end`, so that no string's content changes.
 */
import type { TextEdit } from '../engine/detector.ts';
import type { LanguageSyntax } from './language-syntax.ts';
import { tokensAt } from './lexical.ts';

/** Whether the language has comments at all. */
export function canIgnoreInline(syntax: LanguageSyntax): boolean {
  return syntax.line !== undefined || syntax.block !== undefined;
}

/** Edits (ascending) that make the engine ignore `entity` on the value's line. Undefined when the language has no comments. */
export function ignoreEdits(text: string, syntax: LanguageSyntax, value: { readonly start: number; readonly end: number; readonly entity: string }): readonly TextEdit[] | undefined {
  if (!canIgnoreInline(syntax)) return undefined;
  const comment = (directive: string): string => {
    const words = `pii-gate:${directive} ${value.entity}`;
    return syntax.line !== undefined ? `${syntax.line} ${words}` : `${syntax.block![0]} ${words} ${syntax.block![1]}`;
  };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const from = lineStart(text, value.start);
  const to = lineEnd(text, value.end);
  const [atStart, atEnd] = tokensAt(text, syntax, [from, Math.max(from, to - 1)]);
  const region = syntax.bare === 'yaml' ? blockScalar(text, from) : undefined;
  const insideAtStart = atStart?.kind === 'string' && atStart.start < from;
  const openAtEnd = (atEnd?.kind === 'string' || atEnd?.kind === 'block-comment') && atEnd.end > to;
  if (region === undefined && !insideAtStart && !openAtEnd && lineStart(text, value.end) === from) {
    if (syntax.trailing && atEnd?.kind !== 'line-comment') return [{ start: to, end: to, text: ` ${comment('ignore')}` }];
    if (atEnd?.kind === 'line-comment' && syntax.trailing) return [{ start: to, end: to, text: ` pii-gate:ignore ${value.entity}` }];
    return [{ start: from, end: from, text: `${indentation(text, from)}${comment('ignore-next-line')}${eol}` }];
  }
  const first = region?.start ?? lineStart(text, insideAtStart ? atStart.start : Math.min(from, openAtEnd ? atEnd.start : from));
  const last = region?.end ?? lineEnd(text, openAtEnd ? atEnd.end : insideAtStart ? Math.max(to, atStart.end) : to);
  const indent = indentation(text, first);
  return [
    { start: first, end: first, text: `${indent}${comment('ignore-start')}${eol}` },
    { start: last, end: last, text: `${eol}${indent}${comment('ignore-end')}` },
  ];
}

/** The key line and all lines of the YAML block scalar (`|`, `>`) that holds the line, if one does. */
function blockScalar(text: string, from: number): { start: number; end: number } | undefined {
  const own = indentation(text, from).length;
  for (let start = from; start > 0; ) {
    start = lineStart(text, start - 1);
    const line = text.slice(start, lineEnd(text, start));
    if (line.trim() === '' || indentation(text, start).length >= own) continue;
    if (!/(?:^|[:\-]\s+)[|>][+-]?\d?\s*(?:#.*)?$/.test(line)) return undefined;
    const indent = indentation(text, start).length;
    let end = lineEnd(text, from);
    for (let at = end; at < text.length; ) {
      at = text.indexOf('\n', at) + 1;
      if (at === 0) break;
      const next = text.slice(at, lineEnd(text, at));
      if (next.trim() !== '' && indentation(text, at).length <= indent) break;
      end = lineEnd(text, at);
      at = end;
    }
    return { start, end };
  }
  return undefined;
}

function lineStart(text: string, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at);
  const end = feed === -1 ? text.length : feed;
  return end > at && text[end - 1] === '\r' ? end - 1 : end;
}

function indentation(text: string, start: number): string {
  let end = start;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return text.slice(start, end);
}
