/** What must be true of every match of a pattern, so that a scan can skip places where it can't match. */
import { isWord } from '../chars.ts';
import type { CharRanges, Node } from './syntax.ts';

/** Longest match in UTF-16 units; Infinity when unbounded. */
export function maxLength(node: Node): number {
  switch (node.kind) {
    case 'empty': return 0;
    case 'chars': return 1;
    case 'group': return maxLength(node.item);
    case 'concat': return node.items.reduce((sum, item) => sum + maxLength(item), 0);
    case 'either': return Math.max(...node.branches.map(maxLength));
    case 'repeat': {
      const one = maxLength(node.item);
      return one === 0 || node.max === 0 ? 0 : one * node.max;
    }
  }
}

/**
 * How far from its start every match has its first character out of `wanted`, at most.
 * Infinity when a match may have none.
 */
export function reachOf(node: Node, wanted: (ranges: CharRanges) => boolean): number {
  switch (node.kind) {
    case 'empty': return Infinity;
    case 'chars': return wanted(node.ranges) ? 0 : Infinity;
    case 'group': return reachOf(node.item, wanted);
    case 'concat': {
      let before = 0;
      for (const item of node.items) {
        const reach = reachOf(item, wanted);
        if (reach !== Infinity) return before + reach;
        before += maxLength(item);
        if (before === Infinity) return Infinity;
      }
      return Infinity;
    }
    case 'either': return Math.max(...node.branches.map((branch) => reachOf(branch, wanted)));
    case 'repeat': return node.min === 0 ? Infinity : reachOf(node.item, wanted);
  }
}

/** What may stand in a match before its first digit. */
export function charsBeforeDigit(node: Node): readonly CharRanges[] {
  const chars: CharRanges[] = [];
  collectBeforeDigit(node, chars);
  return chars;
}

/** @returns true when every match has reached a digit by then */
function collectBeforeDigit(node: Node, into: CharRanges[]): boolean {
  switch (node.kind) {
    case 'empty': return false;
    case 'chars':
      if (isDigits(node.ranges)) return true;
      into.push(node.ranges);
      return false;
    case 'group': return collectBeforeDigit(node.item, into);
    case 'concat': return node.items.some((item) => collectBeforeDigit(item, into));
    case 'either': return node.branches.map((branch) => collectBeforeDigit(branch, into)).every(Boolean);
    case 'repeat': return collectBeforeDigit(node.item, into) && node.min > 0;
  }
}

/** What may stand anywhere in a match. */
export function charsOf(node: Node): readonly CharRanges[] {
  switch (node.kind) {
    case 'empty': return [];
    case 'chars': return [node.ranges];
    case 'group': case 'repeat': return charsOf(node.item);
    case 'concat': return node.items.flatMap(charsOf);
    case 'either': return node.branches.flatMap(charsOf);
  }
}

export const isDigits = (ranges: CharRanges): boolean => ranges.length > 0 && ranges[0]! >= 48 && ranges[ranges.length - 1]! <= 57;

/**
 * A literal of one or more characters that every match contains, the rarest-looking one, with how far from the start it
 * may begin. Undefined when there is none. With `ignoreCase` letters don't count as literal.
 */
export function requiredLiteral(node: Node): { readonly text: string; readonly reach: number } | undefined {
  const items = node.kind === 'concat' ? node.items : [node];
  let before = 0, text = '', textReach = 0;
  let best: { text: string; reach: number } | undefined;
  const offer = (): void => {
    if (text && (!best || rarity(text) > rarity(best.text))) best = { text, reach: textReach };
    text = '';
  };
  for (const item of items) {
    const c = singleChar(item);
    if (c !== undefined) {
      if (!text) textReach = before;
      text += c;
    } else {
      offer();
      const inner = item.kind === 'concat' ? requiredLiteral(item) : item.kind === 'group' ? requiredLiteral(item.item) : item.kind === 'repeat' && item.min > 0 ? requiredLiteral(item.item) : undefined;
      if (inner && (!best || rarity(inner.text) > rarity(best.text))) best = { text: inner.text, reach: before + inner.reach };
    }
    before += maxLength(item);
  }
  offer();
  return best && best.reach !== Infinity ? best : undefined;
}

function singleChar(node: Node): string | undefined {
  return node.kind === 'chars' && node.ranges.length === 2 && node.ranges[0] === node.ranges[1] ? String.fromCharCode(node.ranges[0]!) : undefined;
}

/** Longer is rarer; `@` is rarer than the separators and the space that fill every text. */
function rarity(text: string): number {
  let score = 0;
  for (const c of text) score += /[\s.,:\-_/"'()=]/.test(c) ? 0.4 : c === '@' ? 3 : 1.5;
  return score;
}

/** Least and most, in UTF-16 units. */
export type Span = readonly [least: number, most: number];

/**
 * How long the word is that a match begins with, when what stands before and after the match is no part of a word: the run of
 * word characters up to the first other character of the match, or the whole match. 0 when a match begins with another character.
 */
export function leadingWord(node: Node): Span {
  const { whole, cut } = lead(node);
  return hull(whole, cut) ?? [0, Infinity];
}

/** Lengths when the node is nothing but word characters, and lengths of the run when it ends inside. */
interface Lead { readonly whole: Span | undefined; readonly cut: Span | undefined }

function lead(node: Node): Lead {
  switch (node.kind) {
    case 'empty': return { whole: [0, 0], cut: undefined };
    case 'group': return lead(node.item);
    case 'chars': {
      const kind = wordKind(node.ranges);
      return { whole: kind === 'other' ? undefined : [1, 1], cut: kind === 'word' ? undefined : [0, 0] };
    }
    case 'either': return node.branches.map(lead).reduce((a, b) => ({ whole: hull(a.whole, b.whole), cut: hull(a.cut, b.cut) }));
    case 'concat': {
      let whole: Span | undefined = [0, 0], cut: Span | undefined;
      for (const item of node.items) {
        if (whole === undefined) break;
        const next = lead(item);
        cut = hull(cut, next.cut && plus(whole, next.cut));
        whole = next.whole && plus(whole, next.whole);
      }
      return { whole, cut };
    }
    case 'repeat': {
      const { whole, cut } = lead(node.item);
      const most = node.max;
      if (most === 0) return { whole: [0, 0], cut: undefined };
      const before = whole === undefined ? 0 : whole[1] === 0 ? 0 : whole[1] * (most - 1);
      return {
        whole: whole === undefined ? (node.min === 0 ? [0, 0] : undefined) : [whole[0] * node.min, whole[1] === 0 ? 0 : whole[1] * most],
        cut: cut && [cut[0], cut[1] + before],
      };
    }
  }
}

const plus = (a: Span, b: Span): Span => [a[0] + b[0], a[1] + b[1]];
const hull = (a: Span | undefined, b: Span | undefined): Span | undefined => (a && b ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : (a ?? b));

/** Ranges beyond ASCII are not looked through: they may hold both. */
function wordKind(ranges: CharRanges): 'word' | 'other' | 'both' {
  let word = false, other = false;
  for (let i = 0; i < ranges.length; i += 2) {
    if (ranges[i + 1]! >= 128) return 'both';
    for (let code = ranges[i]!; code <= ranges[i + 1]!; code++) {
      if (isWord(code)) word = true;
      else other = true;
    }
  }
  return word && other ? 'both' : word ? 'word' : 'other';
}
