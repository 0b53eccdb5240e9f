/**
 * Reasons repeat: a column of a thousand numbers has a thousand times the same three. They are shared, so that a finding costs
 * no text of its own. Never holds a value.
 */
import type { Reason } from '../wire/finding.ts';

/** Distinct chains that are kept; a file that makes more starts anew. */
const MOST_CHAINS = 20_000;

export class ReasonChain {
  readonly reasons: readonly Reason[];
  private readonly next = new Map<string, ReasonChain[]>();

  constructor(reasons: readonly Reason[]) {
    this.reasons = reasons;
  }

  /** This chain with one more reason. `key` and `score` decide which; `text` is only made for a new one. */
  with(kind: Reason['kind'], key: string, score: number, text: (key: string) => string, made: () => void): ReasonChain {
    const known = this.next.get(key);
    const same = known?.find((chain) => chain.reasons[chain.reasons.length - 1]!.score === score && chain.reasons[chain.reasons.length - 1]!.kind === kind);
    if (same) return same;
    made();
    const chain = new ReasonChain([...this.reasons, { kind, text: text(key), score }]);
    if (known) known.push(chain);
    else this.next.set(key, [chain]);
    return chain;
  }
}

/** The beginnings of chains, one a pattern. */
export class ReasonChains {
  private root = new ReasonChain([]);
  private count = 0;

  start(): ReasonTrail {
    if (this.count > MOST_CHAINS) {
      this.root = new ReasonChain([]);
      this.count = 0;
    }
    return new ReasonTrail(this.root, () => { this.count++; });
  }
}

/** Where one explanation stands. */
export class ReasonTrail {
  private chain: ReasonChain;
  private readonly made: () => void;

  constructor(chain: ReasonChain, made: () => void) {
    this.chain = chain;
    this.made = made;
  }

  add(kind: Reason['kind'], key: string, score: number, text: (key: string) => string = (own) => own): void {
    this.chain = this.chain.with(kind, key, score, text, this.made);
  }

  get reasons(): readonly Reason[] {
    return this.chain.reasons;
  }
}
