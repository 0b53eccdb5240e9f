/**
 * What check digits are for: every single wrong digit in a rule's own examples is refused, and every swap of neighbours where
 * the scheme promises it. Schemes that write two remainders as one digit (CPF's relatives, EGN, IIN) or that leave parts of the
 * number unchecked promise less and aren't here.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { validators } from '#core/validators/index.ts';
import { builtinPacks } from './index.ts';

/** Mod 11 with all remainders told apart, mod 97, mod 23, Verhoeff, ISO 7064: single digits and swaps. */
const DIGITS_AND_SWAPS = [
  'at/svnr', 'au/abn', 'au/tfn', 'ba/jmbg', 'be/btw', 'be/identity-card', 'bg/lnch', 'br/cnpj', 'by/unp', 'ch/uid', 'cl/rut', 'cn/ric', 'cn/uscc', 'crypto-address', 'cy/vat', 'de/ust', 'dk/cvr',
  'es/dni', 'es/nie', 'es/nif', 'es/nif-klm', 'es/nss', 'fi/hetu', 'fi/ytunnus', 'fr/nir', 'fr/spi', 'gb/chi', 'gb/nhs', 'gb/upn', 'gt/nit', 'hk/id', 'hr/oib', 'iban', 'ie/pps', 'ie/vat', 'in/aadhaar',
  'in/vid', 'ir/national', 'it/codice-fiscale', 'jp/my-number', 'kw/civil', 'lu/tva', 'ma/ice', 'mt/vat', 'mu/nid', 'nl/bsn', 'no/fodselsnummer', 'no/orgnr', 'pl/nip', 'ro/cnp', 'rs/jmbg', 'ru/snils', 'sg/nric', 'si/emso', 'sk/dph', 'uy/rut',
];
/** Luhn and its relatives, EAN, ICAO and mod 10 with weights prime to 10: single digits; swaps but for some pairs. */
const DIGITS = [
  'ae/id', 'ar/cbu', 'ca/bc-health', 'ca/ontario-health', 'ca/sin', 'card', 'ch/ahv', 'de/krankenversicherung', 'de/steuer-id', 'ec/ci', 'es/cif', 'fr/siren', 'gn/nifp', 'gr/amka', 'iccid', 'il/hp', 'il/id',
  'in/gstin', 'it/partita-iva', 'md/idnp', 'mx/clabe', 'mx/nss', 'pl/dowod', 'pl/paszport', 'pl/pesel', 'pt/cartao-cidadao', 'sa/id', 'se/orgnr', 'se/personnummer', 'sg/uen', 'tr/tckn', 'us/aba', 'us/npi', 'uz/pinfl', 'za/id', 'za/tin',
];

/** Values that the rules' own examples hold, by validator. */
const examples = examplesByValidator();

for (const [names, swapsToo] of [[DIGITS_AND_SWAPS, true], [DIGITS, false]] as const) {
  for (const name of names) {
    test(`${name}: refuses every single wrong digit${swapsToo ? ' and every swap of neighbours' : ''}`, () => {
      const values = examples.get(name) ?? [];
      assert.ok(values.length > 0, 'no example of it');
      const passing = values.flatMap((value) => mutations(value, swapsToo)).filter((mutation) => validators.get(name)!(mutation).verdict !== 'invalid');
      assert.deepEqual(passing, []);
    });
  }
}

function examplesByValidator(): ReadonlyMap<string, readonly string[]> {
  const packs = builtinPacks();
  const detector = createDetector(packs, createRe2());
  const found = new Map<string, string[]>();
  for (const rule of packs.flatMap((pack) => pack.rules)) {
    const { validator } = rule;
    if (validator === undefined) continue;
    for (const example of rule.examples.ok) {
      const { text, ...kind } = typeof example === 'string' ? { text: example } : example;
      for (const finding of detector.scan(text, kind).findings) {
        const value = text.slice(finding.start, finding.end);
        if (finding.ruleId === rule.id && validators.get(validator)?.(value).verdict === 'valid') found.set(validator, [...(found.get(validator) ?? []), value]);
      }
    }
  }
  return found;
}

function mutations(value: string, swapsToo: boolean): readonly string[] {
  const out: string[] = [];
  for (let at = 0; at < value.length; at++) {
    const digit = value[at]!;
    if (!/\d/.test(digit)) continue;
    for (let other = 0; other < 10; other++) if (String(other) !== digit) out.push(value.slice(0, at) + String(other) + value.slice(at + 1));
    const next = value[at + 1];
    if (swapsToo && next !== undefined && /\d/.test(next) && next !== digit) out.push(value.slice(0, at) + next + digit + value.slice(at + 2));
  }
  return out;
}
