/**
 * Many patterns decided in one walk: what RE2 calls a Set, which re2-wasm lacks. Thompson construction, then a
 * deterministic automaton built lazily over character classes (Russ Cox, "Regular Expression Matching: the Virtual
 * Machine Approach" and "in the Wild"). Time is linear in the characters walked, whatever the patterns.
 */
import { isDigit, isWord } from '../chars.ts';
import type { CharRanges, Node } from './syntax.ts';
import { UnsupportedSyntax } from './syntax.ts';

/**
 * Where patterns can end, in walking order: pairs of (accepting state, end offset). States are good until the next walk.
 * Reused between walks.
 */
export interface Ends {
  count: number;
  states: Int32Array;
  ends: Int32Array;
}

export const newEnds = (): Ends => ({ count: 0, states: new Int32Array(64), ends: new Int32Array(64) });

/** States are thrown away and rebuilt beyond this, so memory stays bounded on adversarial text. */
const MAX_STATES = 16_000;
/** A pattern larger than this is left to the RegexEngine. */
const MAX_NODES_PER_PATTERN = 4000;
/** Transitions: where the next state's row begins, doubled, plus one when a pattern ends there. Row 0 is the dead state. */
const DEAD = 0;
const UNKNOWN = -1;

type Instruction =
  | { readonly kind: 'chars'; readonly set: number; readonly next: number }
  | { readonly kind: 'split'; readonly next: number[] }
  | { readonly kind: 'accept'; readonly pattern: number };

export class PatternSet {
  private readonly program: Instruction[] = [];
  private readonly sets: { readonly ranges: CharRanges; member: Uint8Array }[] = [];
  private readonly setIndex = new Map<string, number>();
  private readonly entries: number[] = [];
  private classOf: Uint8Array | Uint16Array = new Uint8Array(0);
  private classCount = 0;
  /** Rows of `classCount` transitions, one a state: one table, so that a step is one load. */
  private transitions = new Int32Array(0);
  private accepts: (Int32Array | undefined)[] = [];
  private members: Int32Array[] = [];
  /** States by the hash of their instructions. */
  private stateIndex = new Map<number, number[]>();
  private readonly pending: number[] = [];
  /** States are good for one epoch. */
  epoch = 0;
  private startState = -1;
  private mark = new Int32Array(0);
  private markGeneration = 0;

  /** Adds a pattern under a caller's index. Throws `UnsupportedSyntax` when it is too large. Not allowed after the first walk. */
  add(pattern: number, node: Node): void {
    const before = this.program.length;
    const accept = this.emit({ kind: 'accept', pattern });
    const entry = this.compile(node, accept, before);
    this.entries.push(entry);
  }

  get empty(): boolean {
    return this.entries.length === 0;
  }

  /** True when a pattern matches nothing at all. */
  get acceptsEmpty(): boolean {
    if (this.startState < 0) this.prepare();
    return this.accepts[this.startState] !== undefined;
  }

  /** By UTF-16 unit: 1 when some pattern can start with it. */
  startTable(): Uint8Array {
    if (this.startState < 0) this.prepare();
    const starts = Array.from({ length: this.classCount }, (_, cls) => (this.step(this.startState, cls) === DEAD ? 0 : 1));
    const table = new Uint8Array(0x10000);
    for (let code = 0; code <= 0xffff; code++) table[code] = starts[this.classOf[code]!]!;
    return table;
  }

  /** By two ASCII units (first << 7 | second): 1 when some pattern can begin with them. Makes no states. */
  pairTable(): Uint8Array {
    if (this.startState < 0) this.prepare();
    const table = new Uint8Array(1 << 14);
    const byClass = Array.from({ length: this.classCount }, (_, cls) => this.classesAfter(cls));
    for (let first = 0; first < 128; first++) {
      const allowed = byClass[this.classOf[first]!]!;
      for (let second = 0; second < 128; second++) table[(first << 7) | second] = allowed[this.classOf[second]!]!;
    }
    return table;
  }

  /** By class: 1 when a match may go on with it (or has ended) after a first character of class `cls`. */
  private classesAfter(cls: number): Uint8Array {
    const allowed = new Uint8Array(this.classCount);
    for (const index of this.successors(this.startState, cls)) {
      const instruction = this.program[index]!;
      if (instruction.kind === 'accept') return allowed.fill(1);
      if (instruction.kind !== 'chars') continue;
      const { member } = this.sets[instruction.set]!;
      for (let next = 0; next < allowed.length; next++) allowed[next]! |= member[next]!;
    }
    return allowed;
  }

  /**
   * Walks from `start` to at most `limit` and collects every end of every pattern into `out` (shortest first).
   * Only ends that `boundary` allows are collected; the unit at `limit` is looked at for that. Returns the offset where the
   * walk died.
   */
  walk(units: Uint16Array, start: number, limit: number, out: Ends, boundary: Boundary = 'none'): number {
    out.count = 0;
    if (this.startState < 0) this.prepare();
    if (this.members.length > MAX_STATES) this.reset();
    const { classOf, classCount } = this;
    let { transitions } = this;
    let row = this.startState * classCount;
    for (let at = start; at < limit; at++) {
      const cls = classOf[units[at]!]!;
      let next = transitions[row + cls]!;
      if (next === UNKNOWN) {
        next = this.step(row / classCount, cls);
        ({ transitions } = this);
      }
      if (next === DEAD) return at;
      row = next >> 1;
      if ((next & 1) === 1 && (boundary === 'none' || endsClean(units[at + 1]!, boundary))) {
        if (out.count === out.ends.length) grow(out);
        out.states[out.count] = row / classCount;
        out.ends[out.count++] = at + 1;
      }
    }
    return limit;
  }

  /** Patterns that end in a state. */
  patternsAt(state: number): Int32Array {
    return this.accepts[state] ?? NO_PATTERNS;
  }

  private emit(instruction: Instruction): number {
    this.program.push(instruction);
    return this.program.length - 1;
  }

  private compile(node: Node, next: number, base: number): number {
    if (this.program.length - base > MAX_NODES_PER_PATTERN) throw new UnsupportedSyntax('pattern too large for the automaton');
    switch (node.kind) {
      case 'empty': return next;
      case 'group': return this.compile(node.item, next, base);
      case 'chars': return this.emit({ kind: 'chars', set: this.setFor(node.ranges), next });
      case 'concat': {
        let entry = next;
        for (let i = node.items.length - 1; i >= 0; i--) entry = this.compile(node.items[i]!, entry, base);
        return entry;
      }
      case 'either': return this.emit({ kind: 'split', next: node.branches.map((branch) => this.compile(branch, next, base)) });
      case 'repeat': {
        let entry = next;
        if (node.max === Infinity) {
          const loop: number[] = [next];
          const split = this.emit({ kind: 'split', next: loop });
          loop.push(this.compile(node.item, split, base));
          entry = split;
        } else {
          for (let i = node.min; i < node.max; i++) {
            const inner = this.compile(node.item, entry, base);
            entry = this.emit({ kind: 'split', next: [inner, next] });
          }
        }
        for (let i = 0; i < node.min; i++) entry = this.compile(node.item, entry, base);
        return entry;
      }
    }
  }

  private setFor(ranges: CharRanges): number {
    const key = ranges.join(',');
    let index = this.setIndex.get(key);
    if (index === undefined) {
      index = this.sets.length;
      this.sets.push({ ranges, member: new Uint8Array(0) });
      this.setIndex.set(key, index);
    }
    return index;
  }

  /** Splits the 65,536 units into classes that no pattern tells apart. */
  private prepare(): void {
    const cuts = new Set<number>([0]);
    for (const set of this.sets) {
      for (let i = 0; i < set.ranges.length; i += 2) {
        cuts.add(set.ranges[i]!);
        cuts.add(set.ranges[i + 1]! + 1);
      }
    }
    const sorted = [...cuts].filter((cut) => cut <= 0xffff).sort((a, b) => a - b);
    // Intervals that belong to the same sets share a class.
    const bySignature = new Map<string, number>();
    const classOfInterval: number[] = [];
    for (const cut of sorted) {
      let signature = '';
      for (const [i, set] of this.sets.entries()) if (contains(set.ranges, cut)) signature += `${i},`;
      let cls = bySignature.get(signature);
      if (cls === undefined) {
        cls = bySignature.size;
        bySignature.set(signature, cls);
      }
      classOfInterval.push(cls);
    }
    this.classCount = bySignature.size;
    this.classOf = this.classCount > 256 ? new Uint16Array(0x10000) : new Uint8Array(0x10000);
    for (let i = 0; i < sorted.length; i++) this.classOf.fill(classOfInterval[i]!, sorted[i]!, sorted[i + 1] ?? 0x10000);
    for (const set of this.sets) {
      set.member = new Uint8Array(this.classCount);
      for (let i = 0; i < sorted.length; i++) if (contains(set.ranges, sorted[i]!)) set.member[classOfInterval[i]!] = 1;
    }
    this.mark = new Int32Array(this.program.length);
    this.reset();
  }

  private reset(): void {
    this.transitions = new Int32Array(64 * this.classCount).fill(UNKNOWN).fill(DEAD, 0, this.classCount);
    this.accepts = [undefined];
    this.members = [new Int32Array(0)];
    this.epoch++;
    this.stateIndex = new Map();
    const out: number[] = [];
    this.markGeneration++;
    for (const entry of this.entries) this.close(entry, out);
    this.startState = this.stateFor(out);
  }

  private step(state: number, cls: number): number {
    const next = this.stateFor(this.successors(state, cls));
    const transition = ((next * this.classCount) << 1) | (this.accepts[next] === undefined ? 0 : 1);
    this.transitions[state * this.classCount + cls] = transition;
    return transition;
  }

  /** Instructions that can follow a character of a class. */
  private successors(state: number, cls: number): number[] {
    const out: number[] = [];
    this.markGeneration++;
    const members = this.members[state]!;
    for (let i = 0; i < members.length; i++) {
      const instruction = this.program[members[i]!]!;
      if (instruction.kind === 'chars' && this.sets[instruction.set]!.member[cls] === 1) this.close(instruction.next, out);
    }
    return out;
  }

  private growTable(): void {
    const transitions = new Int32Array(this.transitions.length * 2).fill(UNKNOWN, this.transitions.length);
    transitions.set(this.transitions);
    this.transitions = transitions;
  }

  /** Epsilon closure, without recursion: nesting of a pattern must not become depth of the stack. */
  private close(entry: number, out: number[]): void {
    const pending = this.pending;
    pending.push(entry);
    while (pending.length > 0) {
      const index = pending.pop()!;
      if (this.mark[index] === this.markGeneration) continue;
      this.mark[index] = this.markGeneration;
      const instruction = this.program[index]!;
      if (instruction.kind === 'split') for (const next of instruction.next) pending.push(next);
      else out.push(index);
    }
  }

  private stateFor(list: readonly number[]): number {
    if (list.length === 0) return DEAD;
    const instructions = Int32Array.from(list).sort();
    let hash = 0x811c9dc5;
    for (let i = 0; i < instructions.length; i++) hash = Math.imul(hash ^ instructions[i]!, 0x01000193);
    const bucket = this.stateIndex.get(hash);
    const known = bucket?.find((state) => equal(this.members[state]!, instructions));
    if (known !== undefined) return known;
    const state = this.members.length;
    const accepted: number[] = [];
    for (const index of instructions) {
      const instruction = this.program[index]!;
      if (instruction.kind === 'accept') accepted.push(instruction.pattern);
    }
    this.members.push(instructions);
    this.accepts.push(accepted.length > 0 ? Int32Array.from(accepted) : undefined);
    if ((state + 1) * this.classCount > this.transitions.length) this.growTable();
    if (bucket) bucket.push(state);
    else this.stateIndex.set(hash, [state]);
    return state;
  }
}

/** Which characters may not touch a match: letters, digits and underscores; digits; none. */
export type Boundary = 'word' | 'digit' | 'none';

function endsClean(after: number, boundary: Boundary): boolean {
  return boundary === 'word' ? !isWord(after) : !isDigit(after);
}

function contains(ranges: CharRanges, code: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (code >= ranges[i]! && code <= ranges[i + 1]!) return true;
  return false;
}

function equal(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const NO_PATTERNS = new Int32Array(0);

function grow(out: Ends): void {
  const states = new Int32Array(out.count * 2), ends = new Int32Array(out.count * 2);
  states.set(out.states);
  ends.set(out.ends);
  out.states = states;
  out.ends = ends;
}
