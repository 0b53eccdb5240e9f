/**
 * Realistic values of the same format, drawn from the keyed hash of the original: the same value gives the same fake.
 * Addresses at example.com and 555-01xx telephone numbers are reserved (RFC 2606, NANPA), so a fake reaches nobody.
 */
import type { Validator } from '../validators/index.ts';
import { FAMILY_NAMES, GIVEN_NAMES, STREETS, TOWNS } from './fake-names.ts';

/** Candidates that are tried until the entity's validator accepts one: enough for a check that 1 in 100 passes. */
const TRIES = 2_000;

/** A stream of numbers out of a digest: xorshift128 (Marsaglia 2003). Not for secrets: the digest already hides the value. */
export class SeededNumbers {
  private readonly state: Uint32Array;

  constructor(digest: Uint8Array) {
    this.state = new Uint32Array(4);
    for (let i = 0; i < 16; i++) this.state[i >> 2]! |= (digest[i] ?? 0) << ((i & 3) * 8);
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** An integer in [0, below). */
  next(below: number): number {
    const s = this.state;
    let t = s[3]!;
    const first = s[0]!;
    s[3] = s[2]!;
    s[2] = s[1]!;
    s[1] = first;
    t ^= t << 11;
    t ^= t >>> 8;
    s[0] = t ^ first ^ (first >>> 19);
    return s[0]! % below;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.next(list.length)]!;
  }
}

/** @param validators of the entity's rules; a fake that one of them accepts is preferred */
export function fakeFor(value: string, entity: string, numbers: SeededNumbers, validators: readonly Validator[]): string {
  switch (entity) {
    case 'EMAIL_ADDRESS': return `${numbers.pick(GIVEN_NAMES)}.${numbers.pick(FAMILY_NAMES)}${numbers.next(90) + 10}@example.com`.toLowerCase();
    case 'PERSON': case 'PERSON_NAME': return /\s/.test(value.trim()) ? `${numbers.pick(GIVEN_NAMES)} ${numbers.pick(FAMILY_NAMES)}` : numbers.pick(GIVEN_NAMES);
    case 'FIRST_NAME': return numbers.pick(GIVEN_NAMES);
    case 'LAST_NAME': return numbers.pick(FAMILY_NAMES);
    case 'IP_ADDRESS': return value.includes(':') ? `2001:db8::${numbers.next(0xffff).toString(16)}` : `203.0.113.${numbers.next(254) + 1}`;
    case 'ADDRESS': case 'STREET_ADDRESS': case 'POSTAL_ADDRESS': return `${numbers.next(180) + 1} ${numbers.pick(STREETS)}`;
    case 'CITY': return numbers.pick(TOWNS);
    case 'DATE_OF_BIRTH': return fakeDate(value, numbers);
    case 'PHONE_NUMBER':
      if (/^\+?1?[\s.-]*\(?[2-9]\d\d\)?/.test(value) && value.replace(/\D/g, '').length <= 11 && !/^\+[2-9]/.test(value)) return fakeNanp(value, numbers);
  }
  return sameShape(value, numbers, validators);
}

/** Keeps length classes, separators and letter case; draws digits and letters anew until a validator accepts. */
function sameShape(value: string, numbers: SeededNumbers, validators: readonly Validator[]): string {
  let candidate = value;
  for (let tries = 0; tries < TRIES; tries++) {
    candidate = Array.from(value).map((c) => drawLike(c, numbers)).join('');
    if (candidate === value) continue;
    if (validators.length === 0 || validators.some((validate) => validate(candidate).verdict === 'valid')) return candidate;
    // Prefixes are structure in many ids (country code, IIN): after a while keep the first characters.
    if (tries > TRIES / 4) {
      const keep = tries > (TRIES * 3) / 4 ? 6 : 2;
      candidate = value.slice(0, keep) + candidate.slice(keep);
      if (candidate !== value && validators.some((validate) => validate(candidate).verdict === 'valid')) return candidate;
    }
  }
  return candidate;
}

function drawLike(c: string, numbers: SeededNumbers): string {
  if (c >= '0' && c <= '9') return String(numbers.next(10));
  if (c >= 'a' && c <= 'z') return String.fromCharCode(97 + numbers.next(26));
  if (c >= 'A' && c <= 'Z') return String.fromCharCode(65 + numbers.next(26));
  return /\p{L}/u.test(c) ? String.fromCharCode(97 + numbers.next(26)) : c;
}

function fakeNanp(value: string, numbers: SeededNumbers): string {
  const digits = value.replace(/\D/g, '');
  const fake = `${digits.length === 11 ? '1' : ''}${200 + numbers.next(700)}55501${String(numbers.next(100)).padStart(2, '0')}`;
  let at = 0;
  return value.replace(/\d/g, () => fake[at++] ?? '0');
}

/** Keeps the written form; the year moves by up to five, day and month are drawn within 1–28 and 1–12. */
function fakeDate(value: string, numbers: SeededNumbers): string {
  return value.replace(/\d+/g, (run) => {
    if (run.length === 4) return String(Math.min(2010, Math.max(1930, Number(run) - 5 + numbers.next(11))));
    return String(1 + numbers.next(12)).padStart(run.length, '0');
  });
}
