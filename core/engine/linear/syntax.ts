/**
 * Reads RE2 syntax into a tree. Only what a deterministic automaton over UTF-16 units can decide is read;
 * everything else (assertions in the middle, astral characters, back-references) is `UnsupportedSyntax`, and the pattern
 * goes to the RegexEngine port instead. Source of the syntax: https://github.com/google/re2/wiki/Syntax
 */

/** Inclusive ranges of UTF-16 units: [lo, hi, lo, hi, …], sorted and disjoint. */
export type CharRanges = readonly number[];

export type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'chars'; readonly ranges: CharRanges }
  | { readonly kind: 'concat'; readonly items: readonly Node[] }
  | { readonly kind: 'either'; readonly branches: readonly Node[] }
  /** A capturing group. */
  | { readonly kind: 'group'; readonly item: Node }
  /** `max` is Infinity when unbounded. */
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number };

/** The pattern is beyond the automaton; RE2 itself must judge it. */
export class UnsupportedSyntax extends Error {}

const DIGIT: CharRanges = [48, 57];
const WORD: CharRanges = [48, 57, 65, 90, 95, 95, 97, 122];
/** RE2's \s: [\t\n\f\r ]. */
const SPACE: CharRanges = [9, 10, 12, 13, 32, 32];
const POSIX: Readonly<Record<string, CharRanges>> = {
  alnum: [48, 57, 65, 90, 97, 122], alpha: [65, 90, 97, 122], digit: DIGIT, lower: [97, 122], upper: [65, 90],
  space: [9, 13, 32, 32], punct: [33, 47, 58, 64, 91, 96, 123, 126], word: WORD, xdigit: [48, 57, 65, 70, 97, 102],
};
/** A repetition larger than this would blow the automaton up; RE2's own cap is 1,000. */
const MAX_REPEAT = 1000;

export function parseRegex(pattern: string, ignoreCase: boolean): Node {
  const reader = new Reader(pattern, ignoreCase);
  return reader.readAll();
}

class Reader {
  private position = 0;
  private readonly pattern: string;
  private ignoreCase: boolean;

  constructor(pattern: string, ignoreCase: boolean) {
    this.pattern = pattern;
    this.ignoreCase = ignoreCase;
  }

  readAll(): Node {
    const node = this.readEither();
    if (this.position < this.pattern.length) throw new UnsupportedSyntax(`unexpected ${this.pattern[this.position]}`);
    return node;
  }

  private readEither(): Node {
    const flagsOutside = this.ignoreCase;
    const branches = [this.readConcat()];
    while (this.pattern[this.position] === '|') {
      this.position++;
      branches.push(this.readConcat());
    }
    this.ignoreCase = flagsOutside;
    return branches.length === 1 ? branches[0]! : { kind: 'either', branches };
  }

  private readConcat(): Node {
    const items: Node[] = [];
    while (this.position < this.pattern.length) {
      const c = this.pattern[this.position]!;
      if (c === '|' || c === ')') break;
      const atom = this.readAtom();
      if (atom) items.push(this.readRepeats(atom));
    }
    if (items.length === 0) return { kind: 'empty' };
    return items.length === 1 ? items[0]! : { kind: 'concat', items };
  }

  private readAtom(): Node | undefined {
    const c = this.pattern[this.position]!;
    switch (c) {
      case '(': return this.readGroup();
      case '[': return this.chars(this.readClass());
      case '.':
        this.position++;
        return { kind: 'chars', ranges: invert([10, 10]) };
      case '\\': return this.readEscape();
      case '^': case '$': throw new UnsupportedSyntax('anchors');
      case '*': case '+': case '?': throw new UnsupportedSyntax(`nothing to repeat before ${c}`);
      default: {
        const code = this.pattern.charCodeAt(this.position++);
        if (code >= 0xd800 && code <= 0xdfff) throw new UnsupportedSyntax('characters beyond U+FFFF');
        return this.chars([code, code]);
      }
    }
  }

  private readGroup(): Node | undefined {
    this.position++;
    if (this.pattern[this.position] === '?') {
      const named = /^\?P?<\w+>/.exec(this.pattern.slice(this.position));
      if (named) this.position += named[0].length;
      else {
        const flags = /^\?([a-zA-Z]*)(-[a-zA-Z]*)?([:)])/.exec(this.pattern.slice(this.position));
        if (!flags) throw new UnsupportedSyntax('group syntax');
        if (/[^i]/.test(flags[1] ?? '') || /[^-i]/.test(flags[2] ?? '')) throw new UnsupportedSyntax('flags other than i');
        this.position += flags[0].length;
        const before = this.ignoreCase;
        if (flags[1]) this.ignoreCase = true;
        if (flags[2]) this.ignoreCase = false;
        if (flags[3] === ')') return undefined;
        const inner = this.closeGroup();
        this.ignoreCase = before;
        return inner;
      }
    }
    return { kind: 'group', item: this.closeGroup() };
  }

  private closeGroup(): Node {
    const inner = this.readEither();
    if (this.pattern[this.position] !== ')') throw new UnsupportedSyntax('missing )');
    this.position++;
    return inner;
  }

  private readRepeats(atom: Node): Node {
    let node = atom;
    for (;;) {
      const bounds = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.pattern.slice(this.position, this.position + 16));
      if (!bounds) return node;
      this.position += bounds[0].length;
      const min = bounds[1] === '+' ? 1 : bounds[1] ? 0 : Number(bounds[2]);
      const max = bounds[1] === '?' ? 1 : bounds[1] ? Infinity : bounds[3] === undefined ? min : bounds[4] ? Number(bounds[4]) : Infinity;
      if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT) || max < min) throw new UnsupportedSyntax('repetition bounds');
      node = { kind: 'repeat', item: node, min, max };
    }
  }

  private readEscape(): Node {
    const ranges = this.readEscapedSet();
    return this.chars(ranges);
  }

  /** At a backslash: the set of characters that it means. */
  private readEscapedSet(): CharRanges {
    const c = this.pattern[this.position + 1];
    if (c === undefined) throw new UnsupportedSyntax('trailing backslash');
    this.position += 2;
    switch (c) {
      case 'd': return DIGIT;
      case 'D': return invert(DIGIT);
      case 'w': return WORD;
      case 'W': return invert(WORD);
      case 's': return SPACE;
      case 'S': return invert(SPACE);
      case 't': return [9, 9];
      case 'n': return [10, 10];
      case 'v': return [11, 11];
      case 'f': return [12, 12];
      case 'r': return [13, 13];
      case 'x': case 'u': {
        const hex = /^(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2}))/.exec(this.pattern.slice(this.position));
        const hex4 = c === 'u' ? /^([0-9a-fA-F]{4})/.exec(this.pattern.slice(this.position)) : null;
        const found = hex4 ?? hex;
        if (!found) throw new UnsupportedSyntax('hex escape');
        this.position += found[0].length;
        const code = Number.parseInt(found[1] ?? found[2] ?? '', 16);
        if (code > 0xffff) throw new UnsupportedSyntax('characters beyond U+FFFF');
        return [code, code];
      }
      case 'p': case 'P': {
        const name = /^(?:\{(\^?\w+)\}|(\w))/.exec(this.pattern.slice(this.position));
        if (!name) throw new UnsupportedSyntax('unicode class');
        this.position += name[0].length;
        const ranges = unicodeClass((name[1] ?? name[2] ?? '').replace('^', ''));
        return (c === 'P') !== (name[1]?.startsWith('^') ?? false) ? invert(ranges) : ranges;
      }
      default:
        if (/[a-zA-Z0-9]/.test(c)) throw new UnsupportedSyntax(`\\${c}`);
        return [c.charCodeAt(0), c.charCodeAt(0)];
    }
  }

  private readClass(): CharRanges {
    this.position++;
    const negated = this.pattern[this.position] === '^';
    if (negated) this.position++;
    const ranges: number[] = [];
    let first = true;
    for (;;) {
      const c = this.pattern[this.position];
      if (c === undefined) throw new UnsupportedSyntax('missing ]');
      if (c === ']' && !first) break;
      first = false;
      const posix = c === '[' ? /^\[:(\^?)(\w+):\]/.exec(this.pattern.slice(this.position)) : null;
      if (posix) {
        const named = POSIX[posix[2] ?? ''];
        if (!named) throw new UnsupportedSyntax('posix class');
        this.position += posix[0].length;
        ranges.push(...(posix[1] ? invert(named) : named));
        continue;
      }
      const low = this.readClassChar();
      const isSingle = low.length === 2 && low[0] === low[1];
      if (isSingle && this.pattern[this.position] === '-' && this.pattern[this.position + 1] !== ']' && this.position + 1 < this.pattern.length) {
        this.position++;
        const high = this.readClassChar();
        if (high[0] !== high[1] || high[0]! < low[0]!) throw new UnsupportedSyntax('range in class');
        ranges.push(low[0]!, high[0]!);
      } else ranges.push(...low);
    }
    this.position++;
    // Case is folded before negation: (?i)[^a] excludes A too.
    const folded = this.ignoreCase ? foldCase(normalise(ranges)) : normalise(ranges);
    return negated ? invert(folded) : folded;
  }

  private readClassChar(): CharRanges {
    if (this.pattern[this.position] === '\\') return this.readEscapedSet();
    const code = this.pattern.charCodeAt(this.position++);
    if (code >= 0xd800 && code <= 0xdfff) throw new UnsupportedSyntax('characters beyond U+FFFF');
    return [code, code];
  }

  private chars(ranges: CharRanges): Node {
    return { kind: 'chars', ranges: this.ignoreCase ? foldCase(normalise(ranges)) : normalise(ranges) };
  }
}

function normalise(ranges: CharRanges): CharRanges {
  const pairs: [number, number][] = [];
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i]!, ranges[i + 1]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [lo, hi] of pairs) {
    const last = out.length - 1;
    if (last > 0 && lo <= out[last]! + 1) out[last] = Math.max(out[last]!, hi);
    else out.push(lo, hi);
  }
  return out;
}

function invert(ranges: CharRanges): CharRanges {
  const out: number[] = [];
  let next = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    if (ranges[i]! > next) out.push(next, ranges[i]! - 1);
    next = ranges[i + 1]! + 1;
  }
  if (next <= 0xffff) out.push(next, 0xffff);
  return out;
}

/** Adds the other case of each letter. Ranges beyond 2,000 letters (\p{L}, negations) already hold both. */
function foldCase(ranges: CharRanges): CharRanges {
  const out = [...ranges];
  for (let i = 0; i < ranges.length; i += 2) {
    const lo = ranges[i]!, hi = ranges[i + 1]!;
    if (hi - lo > 2000) continue;
    for (let code = lo; code <= hi; code++) {
      const c = String.fromCharCode(code);
      for (const other of [c.toLowerCase(), c.toUpperCase()]) if (other.length === 1 && other !== c) out.push(other.charCodeAt(0), other.charCodeAt(0));
    }
  }
  return normalise(out);
}

/** Classes that were computed: 65,536 tests each. A pure cache of Unicode data. */
const unicodeClasses = new Map<string, CharRanges>();

function unicodeClass(name: string): CharRanges {
  let found = unicodeClasses.get(name);
  if (!found) {
    found = computeUnicodeClass(name);
    unicodeClasses.set(name, found);
  }
  return found;
}

function computeUnicodeClass(name: string): CharRanges {
  let test: RegExp;
  try {
    test = new RegExp(/^(?:L|Lu|Ll|Lt|Lm|Lo|M|Mn|N|Nd|P|S|Z|Zs)$/.test(name) ? `\\p{${name}}` : `\\p{Script=${name}}`, 'u');
  } catch {
    throw new UnsupportedSyntax(`unicode class ${name}`);
  }
  const out: number[] = [];
  for (let code = 0; code <= 0xffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    if (!test.test(String.fromCharCode(code))) continue;
    const last = out.length - 1;
    if (last > 0 && out[last] === code - 1) out[last] = code;
    else out.push(code, code);
  }
  return out;
}
