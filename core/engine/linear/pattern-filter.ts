/** Some of a set's patterns, chosen once for each state in which patterns end. */
import type { PatternSet } from './pattern-set.ts';

export class PatternFilter {
  private readonly keeps: (pattern: number) => boolean;
  private readonly lists = new Map<PatternSet, { readonly epoch: number; readonly byState: (Int32Array | undefined)[] }>();

  constructor(keeps: (pattern: number) => boolean) {
    this.keeps = keeps;
  }

  /** Patterns that end in the state of the set and are kept. */
  at(set: PatternSet, state: number): Int32Array {
    let lists = this.lists.get(set);
    if (lists?.epoch !== set.epoch) {
      lists = { epoch: set.epoch, byState: [] };
      this.lists.set(set, lists);
    }
    let list = lists.byState[state];
    if (list === undefined) {
      list = set.patternsAt(state).filter(this.keeps);
      lists.byState[state] = list;
    }
    return list;
  }
}
