/** Finds the output list of a plain SELECT in its tokens, to edit it. */
import type { Dialect } from '../wire/statement.ts';
import { lex, type Token } from './lexer.ts';

export interface SelectItem {
  /** UTF-16 offsets of the item without the commas around it. */
  readonly start: number;
  readonly end: number;
  /** `*` or `t.*`; the qualifier as written, with its dot, or empty. */
  readonly star?: { readonly qualifier: string };
}

export interface SelectList {
  /** After SELECT and DISTINCT, where TOP would stand. */
  readonly at: number;
  readonly items: readonly SelectItem[];
  /** A limit stands there already, or something after which none may stand. */
  readonly hasLimit: boolean;
  readonly distinct: boolean;
  /** How what follows FROM names outputs: by position (`ORDER BY 2`), and all words in it, in lower case without quotes. */
  readonly tail: { readonly positions: boolean; readonly ordered: boolean; readonly words: ReadonlySet<string> };
  /** End of the last token that is no comment and no semicolon. */
  readonly end: number;
  /** An item's text. */
  readonly source: (item: SelectItem) => string;
}

/** Undefined unless the text is one SELECT, WITH or without, and no set operation at its top level. */
export function selectList(text: string, dialect: Dialect): SelectList | undefined {
  const tokens = lex(text, dialect).filter((token) => token.kind !== 'comment');
  const word = (token: Token | undefined): string => (token && (token.kind === 'word' || token.kind === 'symbol') ? text.slice(token.start, token.end).toLowerCase() : '');
  const items: SelectItem[] = [];
  let depth = 0;
  let from = -1;
  let list: 'before' | 'in' | 'after' = 'before';
  let at = 0;
  let itemStart = 0;
  let hasLimit = false;
  let distinct = false;
  let sorting = false;
  let ordered = false;
  let positions = false;
  const words = new Set<string>();
  const finish = (index: number): void => {
    const first = tokens[itemStart];
    const last = tokens[index - 1];
    if (!first || !last || index <= itemStart) return;
    const star = word(last) === '*' && (index - itemStart === 1 || word(tokens[index - 2]) === '.');
    items.push({ start: first.start, end: last.end, ...(star && { star: { qualifier: text.slice(first.start, last.start) } }) });
  };
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    const w = word(token);
    if (w === '(') depth += 1;
    if (w === ')') depth -= 1;
    if (depth !== 0 || w === ')' || !token) continue;
    if (['union', 'intersect', 'except', 'minus'].includes(w)) return undefined;
    if (['limit', 'fetch', 'top', 'for', 'into', 'procedure', 'lock'].includes(w)) hasLimit = true;
    if (list === 'after') {
      if (w === 'by') sorting = true;
      if (w === 'order') ordered = true;
      if (['having', 'limit', 'offset', 'fetch', 'window'].includes(w)) sorting = false;
      if (sorting && token.kind === 'number' && ['by', ','].includes(word(tokens[index - 1]))) positions = true;
    }
    if (list === 'before' && w === 'select') {
      list = 'in';
      while (['distinct', 'all'].includes(word(tokens[index + 1]))) {
        index += 1;
        distinct ||= word(tokens[index]) === 'distinct';
      }
      at = tokens[index]?.end ?? token.end;
      if (word(tokens[index + 1]) === 'top') return undefined;
      itemStart = index + 1;
    } else if (list === 'in' && w === ',') {
      finish(index);
      itemStart = index + 1;
    } else if (list === 'in' && (w === 'from' || w === ';')) {
      finish(index);
      list = 'after';
      if (w === 'from') from = index;
    } else if (list === 'before' && index === 0 && w !== 'with') return undefined;
  }
  if (list === 'in') finish(tokens.length);
  for (const token of from < 0 ? [] : tokens.slice(from)) {
    if (token.kind === 'word' || token.kind === 'quoted') words.add(text.slice(token.start, token.end).replace(/^["`[]|["`\]]$/g, '').toLowerCase());
  }
  const last = tokens.findLast((token) => word(token) !== ';');
  return from >= 0 && last && items.length > 0 ? { at, items, hasLimit, distinct, tail: { positions, ordered, words }, end: last.end, source: (item) => text.slice(item.start, item.end) } : undefined;
}
