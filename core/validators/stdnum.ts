/** Adapts `stdnum` validators (MIT), whose algorithms were checked against the sources they name and against published numbers. */
import type { ValidateReturn } from 'stdnum/lib/cjs/types.js';
import { compact, isRepeated } from './digits.ts';
import { invalid, type Validator, valid } from './validator.ts';

export interface StdnumOptions {
  /** Share of random strings of that shape that pass, 0..1. */
  readonly chance: number;
  /** What a pass means. */
  readonly note: string;
  /** Rules that `stdnum` leaves out; gets the compact form. */
  readonly also?: (compact: string) => boolean;
  /** Written before the number and not part of it, e.g. `AT` of a VAT number. */
  readonly prefix?: RegExp;
}

export function fromStdnum(validate: (value: string) => ValidateReturn, options: StdnumOptions): Validator {
  return (value) => {
    const text = options.prefix === undefined ? value : value.trim().replace(options.prefix, '');
    let result: ValidateReturn;
    // A refusal makes an Error; its stack, which nobody reads, would cost more than the check.
    const stackLimit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      result = validate(text);
      // It knows only the separators of its own country's usage.
      if (!result.isValid) {
        const plain = compact(text);
        if (plain !== text) result = validate(plain);
      }
    } catch {
      return invalid('not the published form'); // It throws on characters that it can't map to ASCII.
    } finally {
      Error.stackTraceLimit = stackLimit;
    }
    if (!result.isValid) return invalid(`not so: ${options.note}`);
    if (isRepeated(result.compact.replace(/\D/g, ''))) return invalid('one digit repeated is never issued');
    if (options.also?.(result.compact) === false) return invalid('outside what is allocated');
    return valid(options.chance, options.note);
  };
}
