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
  readonly maxRows?: number;
  /** `sensitive`: every sensitive column. Else `table.column` or `column` names. */
  readonly maskColumns: 'sensitive' | readonly string[];
  readonly line: number;
}

export interface Policy {
  readonly rules: readonly PolicyRule[];
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
