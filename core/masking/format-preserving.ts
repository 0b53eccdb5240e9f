/**
 * Format-preserving pseudonyms by FF1 (NIST SP 800-38G; FF3 was withdrawn). Letters stay letters of the same case, digits
 * stay digits, everything else stays where it is; under one key and tweak it is one to one, so columns can still be joined.
 * Check digits are not kept, so the result is no valid card or tax number, unless that is asked for.
 */
import { FF1 } from '@noble/ciphers/ff1.js';
import type { CheckDigits } from './check-digits.ts';
import { keyedDigest } from './token.ts';

/** SP 800-38G Rev. 1 asks for at least a million possible values; smaller ones could be tabulated. */
const LEAST_DOMAIN = 1_000_000n;
/** Longer texts are not identifiers. */
const MOST_CHARACTERS = 64;

interface Slot { readonly radix: bigint; readonly base: number }

/**
 * Replaces values of one column. The function gives undefined when a value can't be replaced so: it has fewer than a million
 * values of its format, letters beyond ASCII, or is too long.
 * @param tweak names the column (`customers.ssn`): the same value in another column gives another result
 * @param check keeps these check digits right. Values whose own are wrong become others whose are wrong, so that no two
 *   values become one.
 */
export function formatPreserver(key: Uint8Array, tweak: string, check?: CheckDigits): (value: string) => string | undefined {
  const cipher = FF1(2, keyedDigest(key, 'pii-gate ff1', ''), new TextEncoder().encode(tweak));
  return (value) => {
    const fixed = check?.fixed(value);
    if (!check || !fixed) return enciphered(cipher, value);
    const right = (text: string): boolean => check.corrected(text) === text;
    if (!right(value)) return enciphered(cipher, value, undefined, (made) => !right(made));
    const made = enciphered(cipher, value, fixed);
    return made === undefined ? undefined : check.corrected(made);
  };
}

/** One value: see `formatPreserver`. */
export function formatPreserving(key: Uint8Array, tweak: string, value: string): string | undefined { return formatPreserver(key, tweak)(value); }

/** @param fixed offsets that stay as they are; @param accepts others are enciphered again */
function enciphered(cipher: ReturnType<typeof FF1>, value: string, fixed?: ReadonlySet<number>, accepts: (made: string) => boolean = () => true): string | undefined {
  if (value.length > MOST_CHARACTERS) return undefined;
  const slots: (Slot | undefined)[] = [];
  let domain = 1n;
  let rank = 0n;
  for (let i = 0; i < value.length; i++) {
    const slot = fixed?.has(i) ? undefined : slotOf(value.charCodeAt(i));
    if (slot === null) return undefined;
    slots.push(slot);
    if (!slot) continue;
    rank = rank * slot.radix + BigInt(value.charCodeAt(i) - slot.base);
    domain *= slot.radix;
  }
  if (domain < LEAST_DOMAIN) return undefined;
  const length = (domain - 1n).toString(2).length;
  // Cycle walking: the domain is no power of two, so results outside it, or not accepted, are enciphered again (Black and
  // Rogaway 2002). On average fewer than two rounds.
  let made: string;
  do {
    do rank = fromBits(cipher.encrypt(toBits(rank, length))); while (rank >= domain);
    made = render(slots, rank, value);
  } while (!accepts(made));
  // One in a million or fewer maps to itself.
  return made === value ? undefined : made;
}

/** `null`: a character that can't be kept and can't be replaced. */
function slotOf(code: number): Slot | undefined | null {
  if (code >= 48 && code <= 57) return { radix: 10n, base: 48 };
  if (code >= 97 && code <= 122) return { radix: 26n, base: 97 };
  if (code >= 65 && code <= 90) return { radix: 26n, base: 65 };
  return code < 128 ? undefined : null;
}

function render(slots: readonly (Slot | undefined)[], rank: bigint, value: string): string {
  const out: string[] = [];
  let rest = rank;
  for (let i = slots.length - 1; i >= 0; i--) {
    const slot = slots[i];
    if (!slot) { out.unshift(value.charAt(i)); continue; }
    out.unshift(String.fromCharCode(slot.base + Number(rest % slot.radix)));
    rest /= slot.radix;
  }
  return out.join('');
}

function toBits(rank: bigint, length: number): number[] { return Array.from(rank.toString(2).padStart(length, '0'), Number); }
function fromBits(bits: readonly number[]): bigint { return BigInt(`0b${bits.join('')}`); }
