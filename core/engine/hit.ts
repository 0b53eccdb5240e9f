/** A match that was judged, before anyone asks why: what overlap and caps need, and nothing that costs. */
import type { CompiledPattern, CompiledRule } from './compile.ts';
import type { Verdict } from '../validators/validator.ts';
import type { Finding, Reason, Severity, Writing } from '../wire/finding.ts';

/** Who judged a hit can say why. */
export interface Explainer {
  explain(hit: Hit, severityOf?: (entity: string, proposed: Severity) => Severity): Finding;
}

export interface Hit {
  readonly rule: CompiledRule;
  /** Absent when its name or its sentence speaks alone. */
  readonly pattern: CompiledPattern | undefined;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** 0..1, two digits. */
  readonly confidence: number;
  readonly reserved: boolean;
  /** What speaks for it instead of a pattern. */
  readonly spoken: { readonly kind: 'structure' | 'context'; readonly text: string } | undefined;
  /** What its validator said. */
  readonly verdict?: Verdict | undefined;
  /** Why, where that was asked while it was judged. */
  readonly reasons?: readonly Reason[] | undefined;
  /** When the value stands in a text inside the text: the hit as it was judged there. */
  readonly inner?: { readonly hit: Hit; readonly judge: Explainer; readonly written: Writing | undefined; /** Decoded. */ readonly value: string };
}
