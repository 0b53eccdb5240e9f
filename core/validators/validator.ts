/** What every validator answers. Validators are pure, cheap and never throw, whatever the string. */
export interface Verdict {
  /**
   * `valid`: the published algorithm accepts the value. `invalid`: it can't be one of these.
   * `reserved`: well-formed, but set aside for tests or documentation, so it belongs to nobody.
   * `unknown`: the published rules don't decide.
   */
  readonly verdict: 'valid' | 'invalid' | 'reserved' | 'unknown';
  /** Why, for people. Never holds the value. */
  readonly note?: string;
  /** Share of random strings of this shape that pass, 0..1: 0.1 for Luhn. Tempers the score of a pass. */
  readonly chance?: number;
}

export type Validator = (value: string) => Verdict;

export function invalid(note: string): Verdict {
  return { verdict: 'invalid', note };
}

export function reserved(note: string): Verdict {
  return { verdict: 'reserved', note };
}

/** @param chance share of random strings of this shape that pass, 0..1 */
export function valid(chance: number, note?: string): Verdict {
  return note === undefined ? { verdict: 'valid', chance } : { verdict: 'valid', chance, note };
}

export function unknown(note: string): Verdict {
  return { verdict: 'unknown', note };
}
