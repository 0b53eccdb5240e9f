/** All validators by the name that rules use. */
import { card } from './card.ts';
import { email } from './email.ts';
import { iban } from './iban.ts';
import { ssn } from './us.ts';
import type { Validator } from './validator.ts';

export type { Validator, Verdict } from './validator.ts';

export const validators: ReadonlyMap<string, Validator> = new Map<string, Validator>([
  ['card', card],
  ['email', email],
  ['iban', iban],
  ['us/ssn', ssn],
]);
