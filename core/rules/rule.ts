/** Rule packs as data: the shape of `rules/<scope>.yaml` after parsing. `rules/rule-pack.schema.json` says the same in JSON Schema. */
import type { Severity } from '../wire/finding.ts';

export interface RulePack {
  /** File name, for messages. */
  readonly source: string;
  readonly scope: string;
  readonly rules: readonly Rule[];
}

export interface Rule {
  /** `<scope>/<name>`, stable. */
  readonly id: string;
  readonly entity: string;
  /** Shown to people: "US social security number". */
  readonly title: string;
  /** fideslang data category. */
  readonly category: string;
  readonly regulations: readonly string[];
  readonly severity: Severity;
  readonly patterns: readonly RulePattern[];
  /** Name of a validator in `core/validators`, with its published source there. */
  readonly validator?: string;
  /** Words that raise the score when they stand near; whole words, any case, by language. */
  readonly context?: {
    readonly words: readonly string[];
    readonly required?: boolean;
    /** `nearest`: a word speaks for the value next to it only, not for those behind another number ("born 1984-03-12, admitted 2024-05-02"). */
    readonly binds?: 'nearest';
  };
  /** Column, key and variable names that mean this entity: whole split-identifier phrases, e.g. `social security number`, `ssn`. */
  readonly names?: readonly string[];
  /** When true the rule also fires on the value of a field whose name matches, whatever the value's shape within `valuePattern`. */
  readonly nameOnly?: { readonly valuePattern: string };
  readonly mask: MaskSpec;
  readonly examples: { readonly ok: readonly RuleExample[]; readonly ng: readonly RuleExample[] };
  /** Where the format or algorithm is published. */
  readonly references?: readonly string[];
}

export interface RulePattern {
  readonly name: string;
  /** RE2 syntax. No look-around: boundaries are code. */
  readonly regex: string;
  /** Base confidence before validator and context, 0..1. */
  readonly score: number;
  /** How candidates are found before the regex runs. Derived when absent. */
  readonly anchor?: Anchor;
  readonly ignoreCase?: boolean;
  /** The most that a pass of the rule's validator multiplies the odds of this pattern by (1 / its smallest chance). Lets a candidate that nothing speaks for skip the validator. */
  readonly maxGain?: number;
  /** The most that a pass multiplied the odds by in the rule's examples. Written by the build, which leaves the examples out. */
  readonly gain?: number;
  /** Characters that may not touch the match. Default `word`: no letter, digit or underscore on either side. */
  readonly boundary?: 'word' | 'digit' | 'none';
}

export type Anchor =
  | { readonly kind: 'digits'; readonly min: number; readonly max: number }
  | { readonly kind: 'literal'; readonly any: readonly string[] }
  | { readonly kind: 'alnum'; readonly min: number; readonly max: number }
  | { readonly kind: 'keyword'; readonly any: readonly string[]; readonly within: number };

/** An example that must (`ok`) or must not (`ng`) be found, at warning or information level. */
export type RuleExample = string | { readonly text: string; readonly languageId?: string; readonly filename?: string };

export type MaskSpec =
  | { readonly kind: 'partial'; readonly keepStart?: number; readonly keepEnd?: number; readonly char?: string; readonly shape?: string }
  | { readonly kind: 'redact' }
  | { readonly kind: 'email' }
  | { readonly kind: 'token' }
  /** Realistic and keyed: the same value gives the same fake. */
  | { readonly kind: 'fake' }
  /** FF1: another value of the same format, keyed and one to one; with right check digits (Luhn, modulo 97) where asked for. */
  | { readonly kind: 'format'; readonly keepCheckDigits?: boolean }
  | { readonly kind: 'generalise'; readonly to: 'year' | 'postcode3' | 'age10' };
