/** Fits a replacement into its place, so that the document stays syntactically what it was. */
import type { DocumentKind } from '../engine/detector.ts';
import { formatOf, type Format } from '../structure/format.ts';

/** A replacement of text[start, end) in UTF-16 offsets. */
export interface FittedEdit { readonly start: number; readonly end: number; readonly text: string }

/**
 * A bare number that becomes text gets quotes where the format needs them (JSON, YAML, SQL, code); a string literal keeps
 * its quotes and escapes; XML gets entities.
 */
export function fitReplacement(text: string, start: number, end: number, replacement: string, kind: DocumentKind): FittedEdit {
  const format = formatOf(kind, text);
  const quote = enclosingQuote(text, start, end, format);
  if (quote !== undefined) return { start, end, text: escapeIn(replacement, quote, format) };
  switch (format) {
    case 'xml': return { start, end, text: replacement.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') };
    case 'json':
    case 'code':
    case 'sql': return isBareLiteral(text, start, end) && !isNumber(replacement) ? { start, end, text: wrap(replacement, format) } : { start, end, text: replacement };
    case 'yaml': return startsScalar(text, start) && /^[*&!|>%@`"'{[#?:-]|: | #|:$/.test(replacement) ? quoteYamlScalar(text, start, end, replacement) : { start, end, text: replacement };
    default: return { start, end, text: replacement };
  }
}

const isNumber = (text: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text);
const wrap = (replacement: string, format: Format): string => (format === 'sql' ? `'${replacement.replaceAll("'", "''")}'` : JSON.stringify(replacement));

/** A number that stands by itself as a value: after `:`, `=`, `(`, `,` or `[`, before `,`, `)`, `]`, `}`, `;` or the line's end. */
function isBareLiteral(text: string, start: number, end: number): boolean {
  if (!/^\d+$/.test(text.slice(start, end))) return false;
  const before = text.slice(Math.max(0, start - 40), start).trimEnd().slice(-1);
  const after = text.slice(end, end + 40).trimStart().slice(0, 1);
  return /[:=(,[]/.test(before) && (after === '' || /[,)\]};\n]/.test(after) || /^\s*\n/.test(text.slice(end, end + 40)));
}

/** The quote character of the literal that holds [start, end) on its line; undefined outside of one. */
function enclosingQuote(text: string, start: number, end: number, format: Format): string | undefined {
  if (format === 'text' || format === 'markdown' || format === 'log' || format === 'xml' || format === 'csv') return undefined;
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1) + 1, start - 2_000);
  let open: string | undefined;
  for (let i = lineStart; i < start; i++) {
    const c = text[i]!;
    if (open === undefined) {
      if (c === '"' || (format !== 'json' && (c === "'" || c === '`'))) open = c;
    } else if (c === '\\' && format !== 'sql') i++;
    else if (c === open) open = undefined;
  }
  if (open === undefined) return undefined;
  const close = text.indexOf(open, end);
  const lineStop = text.indexOf('\n', end);
  return close >= 0 && (lineStop < 0 || close < lineStop) ? open : undefined;
}

function escapeIn(replacement: string, quote: string, format: Format): string {
  if (format === 'sql') return replacement.replaceAll(quote, quote + quote);
  if (quote === '`') return replacement.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
  return quote === '"' ? JSON.stringify(replacement).slice(1, -1) : replacement.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
}

/** The replacement begins a plain YAML scalar, where some characters mean something. */
function startsScalar(text: string, start: number): boolean {
  return /(?:^|\n)[ \t]*(?:- +)*$|[:,[{-]\s+$/.test(text.slice(Math.max(0, start - 80), start));
}

function quoteYamlScalar(text: string, start: number, end: number, replacement: string): FittedEdit {
  const stop = text.slice(end).search(/\s+#|\r?\n|$/);
  const rest = text.slice(end, end + stop);
  return { start, end: end + stop, text: JSON.stringify(replacement + rest.trimEnd()) };
}
