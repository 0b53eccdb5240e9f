/** Detectors: one for the shipped rules, one more per distinct set of custom rules. Built on first use, off the start-up path. */
import type { Detector } from '#core/engine/detector.ts';
import type { RulePack } from '#core/rules/rule.ts';

export type BuildDetector = (packs: readonly RulePack[]) => Promise<Detector>;

export class Engine {
  private readonly build: BuildDetector;
  private readonly packs: () => readonly RulePack[];
  private readonly detectors = new Map<string, Promise<Detector>>();

  constructor(packs: () => readonly RulePack[], build: BuildDetector) {
    this.packs = packs;
    this.build = build;
  }

  /** The detector for the shipped rules and, if given, a workspace's own. */
  detector(custom?: RulePack): Promise<Detector> {
    const key = custom === undefined || custom.rules.length === 0 ? '' : JSON.stringify(custom);
    const known = this.detectors.get(key);
    if (known !== undefined) return known;
    const built = this.build(key === '' ? this.packs() : [...this.packs(), custom!]);
    this.detectors.set(key, built);
    // A failed build is reported by whoever waits for it and tried again the next time.
    built.catch(() => this.detectors.delete(key));
    return built;
  }
}
