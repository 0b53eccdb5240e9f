/** The commonest shape of a validator: strip separators, check the form, check the digits. */
import { compact, isDigits, isRepeated } from './digits.ts';
import { invalid, valid, type Validator } from './validator.ts';

export interface DigitRule {
  /** Number of digits, or [least, most]. */
  readonly length: number | readonly [number, number];
  /** The published check; the argument holds digits only. */
  readonly check: (digits: string) => boolean;
  /** Share of random digit strings of that length that pass, 0..1. */
  readonly chance: number;
  /** What a pass means: "mod 11 check digit is right". */
  readonly note: string;
  /** 1111111 and the like pass many checks and are never issued. Default true. */
  readonly refuseRepeated?: boolean;
}

/** A number made of digits only. */
export function digitValidator(rule: DigitRule): Validator {
  const [min, max] = typeof rule.length === 'number' ? [rule.length, rule.length] : rule.length;
  return (value) => {
    const digits = compact(value);
    if (!isDigits(digits, min, max)) return invalid(min === max ? `must have ${min} digits` : `must have ${min} to ${max} digits`);
    if (rule.refuseRepeated !== false && isRepeated(digits)) return invalid('one digit repeated is never issued');
    return rule.check(digits) ? valid(rule.chance, rule.note) : invalid(`not so: ${rule.note}`);
  };
}

export interface TextRule {
  /** Form after separators are removed and letters are upper case. */
  readonly form: RegExp;
  readonly check: (text: string) => boolean;
  readonly chance: number;
  readonly note: string;
}

/** A number with letters in it. */
export function textValidator(rule: TextRule): Validator {
  return (value) => {
    const text = compact(value);
    if (!rule.form.test(text)) return invalid('not the published form');
    return rule.check(text) ? valid(rule.chance, rule.note) : invalid(`not so: ${rule.note}`);
  };
}
