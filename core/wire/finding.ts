/** What the detection engine reports. Shared by the server, the CLI, the client and the backend. */

/** How loudly a finding is shown. `hint` is for reserved test values and doubtful matches. */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/**
 * One thing that raised or lowered the score, in the order it was applied.
 * `text` is shown to people and never contains the value itself.
 */
export interface Reason {
  readonly kind: 'pattern' | 'validator' | 'context' | 'structure' | 'filter' | 'reserved' | 'policy' | 'provider';
  readonly text: string;
  /** Confidence after this step, 0..1. */
  readonly score: number;
}

/**
 * How a value is written where it stands: form-encoded (URL queries), with the escapes of a string literal, with character
 * references (HTML), or inside a text of another language, where only harmless characters may replace it.
 */
export type Writing = 'form' | 'escaped' | 'entity' | 'embedded';

/** A span of personal data. Carries no raw value. */
export interface Finding {
  readonly ruleId: string;
  /** Presidio's id where it has one (`EMAIL_ADDRESS`), else `<COUNTRY>_<NAME>`. */
  readonly entity: string;
  /** A fideslang data category key, e.g. `user.contact.email`. */
  readonly category: string;
  /** UTF-16 code unit offset of the first unit. */
  readonly start: number;
  /** UTF-16 code unit offset after the last unit. */
  readonly end: number;
  /** 0..1 */
  readonly confidence: number;
  readonly severity: Severity;
  readonly reasons: readonly Reason[];
  /** What the rule's default mask makes of the value. Fixed mask length, so it does not leak the value's length. */
  readonly masked: string;
  /** True for values that a standard reserves for tests and documentation. */
  readonly reserved?: boolean;
  /** When the text at [start, end) is an encoding of the value: how to decode it, outermost first. */
  readonly written?: readonly Writing[];
}

/** Something that was not scanned, or not fully. An empty result with limits is "unknown", never "clean". */
export type ScanLimit =
  | { readonly kind: 'truncated'; readonly scanned: number; readonly total: number; readonly unit: 'utf16' | 'bytes' }
  | { readonly kind: 'cancelled'; readonly scanned: number; readonly total: number; readonly unit: 'utf16' | 'bytes' }
  | { readonly kind: 'too-many-findings'; readonly kept: number; readonly total: number }
  | { readonly kind: 'rule-skipped'; readonly ruleId: string; readonly why: string }
  | { readonly kind: 'structure-fallback'; readonly format: string; readonly why: string }
  | { readonly kind: 'provider-down'; readonly provider: string; readonly why: string }
  | { readonly kind: 'binary'; readonly why: string };

export interface ScanResult {
  readonly findings: readonly Finding[];
  readonly limits: readonly ScanLimit[];
}
