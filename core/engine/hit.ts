/** A match that was judged, before anyone asks why: what overlap and caps need, and nothing that costs. */
import type { CompiledPattern, CompiledRule } from './compile.ts';

export interface Hit {
  readonly rule: CompiledRule;
  /** Absent when the value's name alone speaks. */
  readonly pattern: CompiledPattern | undefined;
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** 0..1, two digits. */
  readonly confidence: number;
  readonly reserved: boolean;
  /** Name and matched phrase, when the name alone speaks. */
  readonly named: { readonly name: string; readonly phrase: string } | undefined;
}
