/**
 * Format-preserving pseudonyms by FF1 (NIST SP 800-38G; FF3 was withdrawn). Letters stay letters of the same case, digits
 * stay digits, everything else stays where it is; under one key and tweak it is one to one, so columns can still be joined.
 * Check digits are not kept: the result is no valid card or tax number, on purpose.
 */
import { FF1 } from '@noble/ciphers/ff1.js';
import { keyedDigest } from './token.ts';

/** SP 800-38G Rev. 1 asks for at least a million possible values; smaller ones could be tabulated. */
const LEAST_DOMAIN = 1_000_000n;
/** Longer texts are not identifiers. */
const MOST_CHARACTERS = 64;

interface Slot { readonly radix: bigint; readonly base: number }

/**
 * Undefined when the value can't be replaced so: it has fewer than a million values of its format, letters beyond ASCII,
 * or is too long.
 * @param tweak names the column (`customers.ssn`): the same value in another column gives another result
 */
export function formatPreserving(key: Uint8Array, tweak: string, value: string): string | undefined {
  if (value.length > MOST_CHARACTERS) return undefined;
  const slots: (Slot | undefined)[] = [];
  let domain = 1n;
  let rank = 0n;
  for (let i = 0; i < value.length; i++) {
    const slot = slotOf(value.charCodeAt(i));
    if (slot === null) return undefined;
    slots.push(slot);
    if (!slot) continue;
    rank = rank * slot.radix + BigInt(value.charCodeAt(i) - slot.base);
    domain *= slot.radix;
  }
  if (domain < LEAST_DOMAIN) return undefined;
  const cipher = FF1(2, keyedDigest(key, 'pii-gate ff1', ''), new TextEncoder().encode(tweak));
  const length = (domain - 1n).toString(2).length;
  // Cycle walking: the domain is no power of two, so results outside it are enciphered again (Black and Rogaway 2002).
  // On average fewer than two rounds.
  do rank = fromBits(cipher.encrypt(toBits(rank, length))); while (rank >= domain);
  const made = render(slots, rank, value);
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
