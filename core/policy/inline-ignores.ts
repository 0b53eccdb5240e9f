/**
 * Comments that switch findings off where they stand: `pii-gate:ignore`, `pii-gate:ignore-next-line`,
 * `pii-gate:ignore-start` … `pii-gate:ignore-end`, `pii-gate:ignore-file`, each with optional entities and a reason:
 * `pii-gate:ignore EMAIL_ADDRESS, US_SSN -- synthetic`.
 */

export interface InlineIgnore {
  readonly scope: 'line' | 'next-line' | 'range' | 'file';
  /** UTF-16 offsets of the text that is covered. */
  readonly start: number;
  readonly end: number;
  /** Empty: every entity. */
  readonly entities: readonly string[];
  readonly reason?: string;
}

export interface InlineIgnores {
  readonly all: readonly InlineIgnore[];
  covers(offset: number, entity: string): boolean;
}

/** What every such comment holds. */
export const IGNORE_MARK = 'pii-gate:ignore';

/** Undefined when the text has none, so that the common case costs one search. */
export function inlineIgnores(text: string): InlineIgnores | undefined {
  if (!text.includes(IGNORE_MARK)) return undefined;
  const all: InlineIgnore[] = [];
  let open: { start: number; entities: readonly string[]; reason?: string } | undefined;
  for (let at = text.indexOf(IGNORE_MARK); at >= 0; at = text.indexOf(IGNORE_MARK, at + IGNORE_MARK.length)) {
    const lineStart = text.lastIndexOf('\n', at) + 1;
    const lineStop = endOfLine(text, at);
    const rest = text.slice(at + IGNORE_MARK.length, Math.min(lineStop, at + 400));
    const variant = /^-(next-line|start|end|file)\b/.exec(rest)?.[1];
    if (variant === undefined && /^[-\w]/.test(rest)) continue;
    const { entities, reason } = readArguments(variant === undefined ? rest : rest.slice(variant.length + 1));
    const why = reason === undefined ? {} : { reason };
    switch (variant) {
      case undefined:
        all.push({ scope: 'line', start: lineStart, end: lineStop, entities, ...why });
        break;
      case 'next-line': {
        const next = Math.min(text.length, lineStop + 1);
        all.push({ scope: 'next-line', start: next, end: endOfLine(text, next), entities, ...why });
        break;
      }
      case 'file':
        all.push({ scope: 'file', start: 0, end: text.length, entities, ...why });
        break;
      case 'start':
        open ??= { start: at, entities, ...why };
        break;
      case 'end':
        if (open) all.push({ scope: 'range', end: at, ...open });
        open = undefined;
        break;
    }
  }
  // A start without an end covers the rest, as in eslint-disable.
  if (open) all.push({ scope: 'range', end: text.length, ...open });
  return { all, covers: (offset, entity) => all.some((ignore) => offset >= ignore.start && offset < ignore.end && (ignore.entities.length === 0 || ignore.entities.includes(entity))) };
}

function endOfLine(text: string, from: number): number {
  const found = text.indexOf('\n', from);
  return found < 0 ? text.length : found;
}

function readArguments(rest: string): { entities: readonly string[]; reason?: string } {
  const [names = '', ...reasons] = rest.replace(/(?:\*\/|-->|#}|--%>)\s*$/, '').split(/\s--\s|:\s/);
  const entities = names.match(/\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*\b/g) ?? [];
  const reason = reasons.join(' ').trim();
  return reason ? { entities, reason } : { entities };
}
