/** A statement as it may be shown to people who must not see the values in it. */
import type { Detector } from '../engine/detector.ts';
import type { Dialect } from '../wire/statement.ts';
import type { Preview } from './analyse.ts';
import { lex, type Token } from './lexer.ts';

/** Strings of at most this length that look like a keyword or a code (`paid`, `EUR`, `2024-01`) say nothing of a person. */
const maxCodeLength = 12;
/** Numbers with more digits may be an identifier of a person. */
const maxPlainDigits = 5;

/**
 * Replaces each literal that the detector finds personal by `<ENTITY>`, and every other one that is not evidently
 * a code or a small number by `<TEXT>` or `<NUMBER>`. Comments are replaced when anything is found in them.
 * Never throws; what can't be lexed to the end (an unterminated string) is replaced whole.
 */
export function preview(text: string, dialect: Dialect, detector: Detector): Preview {
  const redactions: { entity: string }[] = [];
  let out = '';
  let at = 0;
  const tokens = lex(text, dialect);
  tokens.forEach((token, index) => {
    out += text.slice(at, token.start);
    at = token.end;
    const written = text.slice(token.start, token.end);
    const entity = redaction(token, written, nameBefore(text, tokens, index), detector);
    if (entity === undefined) { out += written; return; }
    redactions.push({ entity });
    out += token.kind === 'comment' ? (written.startsWith('/*') ? `/* <${entity}> */` : `-- <${entity}>`) : token.kind === 'string' ? `'<${entity}>'` : `<${entity}>`;
  });
  return { preview: out + text.slice(at), redactions };
}

/** The entity of a literal that is personal by its value or by the column it is compared with; undefined for any other token. */
export function personalLiteral(text: string, tokens: readonly Token[], index: number, detector: Detector): string | undefined {
  const token = tokens[index];
  if (!token || (token.kind !== 'string' && token.kind !== 'number')) return undefined;
  return personal(contentOf(text.slice(token.start, token.end)), nameBefore(text, tokens, index), detector);
}

function contentOf(written: string): string {
  return written.replace(/^[A-Za-z]?['"`[]|^\$[^$]*\$/, '').replace(/['"`\]]$|\$[^$]*\$$/, '');
}

function redaction(token: Token, written: string, name: string | undefined, detector: Detector): string | undefined {
  if (token.kind === 'string' || token.kind === 'quoted') {
    const content = contentOf(written);
    const found = personal(content, name, detector);
    if (found !== undefined) return found;
    if (token.kind === 'quoted') return token.unterminated ? 'TEXT' : undefined;
    return isCode(content) && !token.unterminated ? undefined : 'TEXT';
  }
  if (token.kind === 'number') {
    const found = personal(written, name, detector);
    if (found !== undefined) return found;
    return written.replace(/\D/g, '').length > maxPlainDigits ? 'NUMBER' : undefined;
  }
  if (token.kind === 'comment') return personal(written, undefined, detector) ?? (token.unterminated ? 'TEXT' : undefined);
  return undefined;
}

function personal(content: string, name: string | undefined, detector: Detector): string | undefined {
  const findings = detector.scanValue(content, name === undefined ? {} : { name });
  const best = findings.reduce<(typeof findings)[number] | undefined>((top, f) => (top === undefined || f.confidence > top.confidence ? f : top), undefined);
  if (best) return best.entity;
  // A literal compared with a column whose name is personal is personal, whatever it looks like.
  return name === undefined ? undefined : detector.classifyName(name)[0]?.entity;
}

/** Lower-case or upper-case codes, and `%`, `_` patterns of them; empty strings. */
function isCode(content: string): boolean {
  return content.length <= maxCodeLength && /^(?:[a-z_%-]*|[A-Z_%-]*|\d{1,5}|\d{4}-\d{2}(?:-\d{2})?|[.,;:/ -]*)$/.test(content);
}

/** The column that a literal is compared with: `name = 'x'`, `name IN ('x', 'y')`, `t.name LIKE 'x'`, `name BETWEEN 'x' AND 'y'`. */
function nameBefore(text: string, tokens: readonly Token[], index: number): string | undefined {
  for (let at = index - 1, steps = 0; at >= 0 && steps < 400; at -= 1, steps += 1) {
    const token = tokens[at];
    if (!token) return undefined;
    const written = text.slice(token.start, token.end);
    if (token.kind === 'comment' || token.kind === 'string' || token.kind === 'number' || token.kind === 'parameter') continue;
    if (token.kind === 'symbol') { if (written === ';') return undefined; continue; }
    if (token.kind === 'word' && /^(?:in|like|ilike|not|between|and|is|escape|similar|to|any|some|all|lower|upper|trim|values|regexp|glob)$/i.test(written)) continue;
    if (token.kind === 'word' && /^(?:select|where|from|or|on|set|having|case|when|then|else|limit|by|join)$/i.test(written)) return undefined;
    return token.kind === 'quoted' ? written.slice(1, -1) : written;
  }
  return undefined;
}
