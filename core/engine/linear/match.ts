/** Whole-value matches and the one captured group, by automata: no call into RE2 for patterns that the automaton reads. */
import { TextWindow } from '../../text/text-window.ts';
import { newEnds, PatternSet, type Ends } from './pattern-set.ts';
import { parseRegex, type Node } from './syntax.ts';

/** True when the whole value matches. Throws `UnsupportedSyntax` at construction. */
export class WholeMatcher {
  private readonly set = new PatternSet();
  private readonly ends: Ends = newEnds();
  private readonly window = new TextWindow(256);

  constructor(pattern: string) {
    this.set.add(0, parseRegex(pattern, false));
  }

  test(value: string): boolean {
    this.window.load(value, 0, value.length);
    this.set.walk(this.window.units, 0, value.length, this.ends);
    return this.ends.count > 0 && this.ends.ends[this.ends.count - 1] === value.length;
  }
}

/**
 * Finds the captured group of a match: the pattern is prefix, group, suffix, and the automata of the three parts are tried
 * on the matched text. The prefix is taken as short as possible and the group as long as possible, which is what keyword
 * patterns (`passport no: (…)`) mean.
 */
export class GroupFinder {
  private readonly prefix: PatternSet | undefined;
  private readonly group: PatternSet;
  private readonly suffix: PatternSet | undefined;
  private readonly prefixEnds: Ends = newEnds();
  private readonly groupEnds: Ends = newEnds();
  private readonly suffixEnds: Ends = newEnds();
  private readonly window = new TextWindow(512);

  private constructor(prefix: readonly Node[], group: Node, suffix: readonly Node[]) {
    this.prefix = setOf(prefix);
    this.group = setOf([group])!;
    this.suffix = setOf(suffix);
  }

  /** Undefined when the pattern doesn't have exactly one group at its top level. */
  static of(node: Node): GroupFinder | undefined {
    if (countGroups(node) !== 1) return undefined;
    if (node.kind === 'group') return new GroupFinder([], node.item, []);
    if (node.kind !== 'concat') return undefined;
    const at = node.items.findIndex((item) => item.kind === 'group');
    const group = node.items[at];
    return group?.kind === 'group' ? new GroupFinder(node.items.slice(0, at), group.item, node.items.slice(at + 1)) : undefined;
  }

  /** The group's offsets within a match text[from, to). */
  find(text: string, from: number, to: number): readonly [number, number] | undefined {
    this.window.load(text, from, to);
    const { units } = this.window, length = to - from;
    const starts = this.prefix ? endsOf(this.prefix, units, 0, length, this.prefixEnds) : [0];
    for (const start of starts) {
      const stops = endsOf(this.group, units, start, length, this.groupEnds).reverse();
      for (const stop of stops) {
        if (this.suffix ? endsOf(this.suffix, units, stop, length, this.suffixEnds).includes(length) : stop === length) return [from + start, from + stop];
      }
    }
    return undefined;
  }
}

function setOf(items: readonly Node[]): PatternSet | undefined {
  if (items.length === 0) return undefined;
  const set = new PatternSet();
  set.add(0, { kind: 'concat', items });
  return set;
}

function endsOf(set: PatternSet, units: Uint16Array, from: number, to: number, out: Ends): number[] {
  set.walk(units, from, to, out);
  const ends = [...out.ends.subarray(0, out.count)];
  return set.acceptsEmpty ? [from, ...ends] : ends;
}

function countGroups(node: Node): number {
  switch (node.kind) {
    case 'empty': case 'chars': return 0;
    case 'group': return 1 + countGroups(node.item);
    case 'concat': return node.items.reduce((sum, item) => sum + countGroups(item), 0);
    case 'either': return node.branches.reduce((sum, branch) => sum + countGroups(branch), 0);
    case 'repeat': return countGroups(node.item) * (node.max > 1 ? 2 : 1);
  }
}
