import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import metadata from 'libphonenumber-js/min/metadata';
import { internationalCountry, nationalIn } from './numbering-plans.ts';

/** A fixed sequence of numbers: Mulberry32. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const isValid = (text: string, country?: CountryCode): boolean => {
  try {
    return (country === undefined ? parsePhoneNumberFromString(text) : parsePhoneNumberFromString(text, country))?.isValid() === true;
  } catch {
    return false;
  }
};

test('international numbers are judged as libphonenumber judges them', () => {
  const random = seeded(1);
  const codes = Object.keys(metadata.country_calling_codes);
  let differing = 0, valid = 0;
  for (let i = 0; i < 8_000; i++) {
    const digits = `${codes[random(codes.length)]}${Array.from({ length: 6 + random(6) }, () => random(10)).join('')}`;
    const expected = isValid(`+${digits}`);
    if (expected) valid++;
    if (expected !== (internationalCountry(digits) !== undefined)) differing++;
  }
  assert.ok(valid > 500);
  assert.ok(differing <= 4, `${differing} of 8,000 differ`);
});

test('national numbers are judged as libphonenumber judges them, international forms aside', () => {
  const random = seeded(2);
  let differing = 0;
  for (let i = 0; i < 8_000; i++) {
    const country = (['GB', 'DE', 'FR', 'IT', 'NL', 'US', 'ES', 'PL', 'IN', 'AU', 'JP', 'TR', 'SE'] as const)[random(13)]!;
    const digits = `${random(2) ? '0' : ''}${1 + random(9)}${Array.from({ length: 6 + random(5) }, () => random(10)).join('')}`;
    // The library also reads a country code without its plus; here that is another question.
    if (isValid(`+${digits}`)) continue;
    if (isValid(digits, country) !== (nationalIn(country, digits) !== undefined)) differing++;
  }
  assert.ok(differing <= 40, `${differing} of 8,000 differ`);
});
