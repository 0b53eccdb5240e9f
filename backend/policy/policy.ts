/** A policy after parsing. Its text is YAML; its conditions are CEL. */
import type { ApproverStep, Effect } from '#core/wire/approval.ts';

export interface PolicyRule {
  readonly id: string;
  /** CEL over `PolicyContext`, type-checked to bool. */
  readonly when: CompiledCondition;
  readonly effect: Effect;
  /** Shown to people instead of the generated sentence. */
  readonly why?: string;
  readonly steps: readonly ApproverStep[];
  readonly reasonRequired: boolean;
  readonly reasonPrompt?: string;
  /** A reason must match all of these (RE2-safe subset is not needed: the policy's author is trusted). */
  readonly reasonPattern?: string;
  readonly ticketRequired: boolean;
  readonly ticketPattern?: string;
  /** Milliseconds a grant may live. */
  readonly maxDurationMs?: number;
  /** Milliseconds an unanswered request waits. */
  readonly pendingTtlMs?: number;
  /** Milliseconds in which a one-time grant must be used. */
  readonly unusedTtlMs?: number;
  /** Others who may decide as well when nobody has for so long (ms). */
  readonly escalation?: Escalation;
  /** Who may go ahead without waiting, for how long, and who must look at it afterwards. */
  readonly breakGlass?: BreakGlass;
  readonly maxRows?: number;
  /** Rows of a masked sample that reviewers may see. */
  readonly sampleRows?: number;
  /** `sensitive`: every sensitive column. Else `table.column` or `column` names. */
  readonly maskColumns: 'sensitive' | readonly string[];
  readonly line: number;
}

export interface Escalation { readonly afterMs: number; readonly to: readonly string[] }
export interface BreakGlass { readonly who: readonly string[]; readonly maxDurationMs: number; readonly reviewers: readonly string[] }

/** Where and when, as the policy names it. */
export interface Surveys {
  /** Name of the first place whose networks hold the address; empty when none does. */
  place(address: string): string;
  /** True when a duty of the person covers the moment (ms). */
  onCall(id: string, at: number): boolean;
  /** Numeric parts of a moment in the zone of `calendar.*`. */
  readonly clock: Intl.DateTimeFormat;
  /** `YYYY-MM-DD` in that zone. */
  readonly holidays: ReadonlySet<string>;
}

export interface Policy {
  readonly rules: readonly PolicyRule[];
  readonly surveys: Surveys;
  /** True when a condition asks for `history.*`, which costs a query. */
  readonly needsHistory: boolean;
  /** The same for `calendar.*`, which costs a conversion to local time. */
  readonly needsCalendar: boolean;
  readonly defaults: { readonly pendingTtlMs: number; readonly maxDurationMs: number };
  /** First 16 hex digits of the SHA-256 of the text. */
  readonly version: string;
  readonly source: string;
}

export interface PolicyProblem {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Evaluates to a bool or throws: the evaluator turns a throw into a deny. */
export type CompiledCondition = { readonly source: string; evaluate(context: object): boolean };
