/**
 * What every validator promises: it never throws, it accepts what its publisher prints as an example, and it catches the
 * errors that its check-digit scheme is published to catch.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { validators } from './index.ts';

const accepts = (name: string, value: string): boolean => {
  const { verdict } = validators.get(name)?.(value) ?? { verdict: 'invalid' };
  return verdict === 'valid' || verdict === 'reserved';
};

test('no validator throws, and each answers within its contract, whatever the string', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...'0123456789ABCXYZ -./:+()@%<\uD800\uDC00é٣'), maxLength: 40 }),
    fc.stringMatching(/^[0-9]{5,20}$/),
    fc.stringMatching(/^[A-Z]{0,6}[0-9]{4,14}[A-Z]{0,4}$/),
  );
  fc.assert(
    fc.property(anything, (value) => {
      for (const [name, validate] of validators) {
        const { verdict, chance, note } = validate(value);
        assert.ok(['valid', 'invalid', 'reserved', 'unknown'].includes(verdict), name);
        if (chance !== undefined) assert.ok(chance > 0 && chance <= 1, name);
        // A note is shown to people and logged, so it must not carry the value.
        if (note !== undefined && /\d{5}/.test(value)) assert.ok(!note.includes(value), name);
      }
    }),
    { numRuns: 1500 },
  );
});

test('a pass depends on the value alone', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{8,16}$/), (value) => {
      for (const [name, validate] of validators) assert.equal(validate(value).verdict, validate(value).verdict, name);
    }),
    { numRuns: 100 },
  );
});

/** Numbers that their publishers, or the documents named in the validators, print as examples. */
const PUBLISHED: Readonly<Record<string, { readonly good: readonly string[]; readonly bad: readonly string[] }>> = {
  card: { good: ['4539 1488 0343 6467', '2221001234123450', '4111111111111111'], bad: ['4539 1488 0343 6468', '9999999999999995', '453914880343646'] },
  iban: { good: ['GB29 NWBK 6016 1331 9268 19', 'FR14 2004 1010 0505 0001 3M02 606', 'MT84MALT011000012345MTLCAST001S'], bad: ['GB28 NWBK 6016 1331 9268 19', 'DE89 3704 0044 0532 0130', 'US64SVBKUS6S3300958879'] },
  ip: { good: ['84.17.45.112', '10.0.0.1', '2a02:908:1391::1', '::1'], bad: ['300.1.1.1', '1.2.3', '2001::db8::1', '01.2.3.4', 'a::b::c'] },
  mac: { good: ['3c:22:fb:5a:10:9e', '3C22.FB5A.109E'], bad: ['ff:ff:ff:ff:ff:ff', '3c:22-fb:5a:10:9e'] },
  email: { good: ['jane@gmail.com', 'a@xn--d1acufc.xn--p1ai', 'x@example.com'], bad: ['a@2x.png', 'git@github.com', '.a@b.com', 'a..b@c.com', 'a@co.uk'] },
  imei: { good: ['49-015420-323751-8'], bad: ['49-015420-323751-9'] },
  vin: { good: ['1HGBH41JXMN109186', '1M8GDM9AXKP042788'], bad: ['1HGBH41J0MN109186', '1HGBH41JXMO109186'] },
  'crypto-address': { good: ['16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ', 'BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4'], bad: ['16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyY', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5'] },
  mrz: { good: ['L898902C36UTO7408122F1204159ZE184226B<<<<<10'], bad: ['L898902C37UTO7408122F1204159ZE184226B<<<<<10'] },
  'us/ssn': { good: ['536-90-4399', '078-05-1120'], bad: ['000-12-3456', '666-12-3456', '900-12-3456', '536-00-4399', '536-90-0000'] },
  'us/npi': { good: ['1245319599'], bad: ['1245319598', '3245319599'] },
  'gb/nhs': { good: ['943 476 5870', '401 023 2137'], bad: ['943 476 5871'] },
  'gb/nino': { good: ['JG 10 37 59 A', 'QQ 12 34 56 C'], bad: ['BG 10 37 59 A', 'JO 10 37 59 A', 'JG 10 37 59 E'] },
  'de/steuer-id': { good: ['36 574 261 809', '26954371827'], bad: ['36 574 261 808', '11111111111', '02345678901'] },
  'fr/nir': { good: ['2 95 10 99 126 111 93', '253072A07300443'], bad: ['2 95 10 99 126 111 94', '2 95 13 99 126 111 93'] },
  'it/codice-fiscale': { good: ['RCCMNL83S18D969H'], bad: ['RCCMNL83S18D969A', 'RCCMNL83B30D969H'] },
  'es/nif': { good: ['54362315K', 'X2482300W', 'B64717838', 'M1234567L'], bad: ['54362315Z', 'X2482300A', 'B64717839'] },
  'pl/pesel': { good: ['44051401359'], bad: ['44051401358', '44053401358'] },
  'nl/bsn': { good: ['941331490', '111222333'], bad: ['941331491'] },
  'fi/hetu': { good: ['131052-308T', '131052-914B'], bad: ['131052-308U', '310252-308T'] },
  'se/personnummer': { good: ['880320-0016', '19880320-0016'], bad: ['880320-0018', '881320-0016'] },
  'be/national-number': { good: ['85.07.30-033.28', '17.07.30-033.84'], bad: ['85.07.30-033.29', '85.13.30-033.28'] },
  'ch/ahv': { good: ['756.9217.0769.85'], bad: ['756.9217.0769.84', '757.9217.0769.85'] },
  'cn/ric': { good: ['360426199101010071', '44011320141005001x'], bad: ['360426199101010072', '360426199113010079'] },
  'in/aadhaar': { good: ['2341 2341 2346'], bad: ['2341 2341 2347', '1234 1234 1234'] },
  'in/gstin': { good: ['27AAPFU0939F1ZV', '27ABCDE1234F1Z5'], bad: ['27AAPFU0939F1ZO', '38AAPFU0939F1ZV'] },
  'br/cnpj': { good: ['16.727.230/0001-97', '12.ABC.345/01DE-35'], bad: ['16.727.230/0001-98'] },
  'mx/curp': { good: ['BOXW310820HNERXN09'], bad: ['BOXW310820HNERXN08'] },
  'za/id': { good: ['7503305044089'], bad: ['7503305044088', '8503305044089', '7513305044089'] },
  'tr/tckn': { good: ['10000000146'], bad: ['10000000147', '01000000146'] },
};
for (const [name, { good, bad }] of Object.entries(PUBLISHED)) {
  test(`${name}: published examples`, () => {
    assert.deepEqual([good.filter((value) => !accepts(name, value)), bad.filter((value) => accepts(name, value))], [[], []]);
  });
}

interface Promise_ {
  readonly name: string;
  /** Shape of a number without its check digits; `?` marks those, which the test completes. */
  readonly shape: string;
  /** Adjacent transpositions: all are caught, all but 09 ↔ 90 (Luhn), or no promise. */
  readonly swaps: 'all' | 'but 09' | 'none';
}

/**
 * What the schemes are published to catch. Every one here catches each single wrong digit; those that write two remainders as
 * one digit (CPF, EGN, SNILS, IIN: 10 or 100 becomes 0) don't, and aren't here.
 */
const PROMISES: readonly Promise_[] = [
  { name: 'card', shape: '4dddddddddddddd?', swaps: 'but 09' },
  { name: 'iban', shape: 'DE??dddddddddddddddddd', swaps: 'all' },
  { name: 'us/npi', shape: '1dddddddd?', swaps: 'but 09' },
  { name: 'us/aba', shape: '02dddddd?', swaps: 'none' },
  { name: 'gb/nhs', shape: '4dddddddd?', swaps: 'all' },
  { name: 'ca/sin', shape: '1ddddddd?', swaps: 'but 09' },
  { name: 'nl/bsn', shape: '1ddddddd?', swaps: 'all' },
  { name: 'pl/nip', shape: '85ddddddd?', swaps: 'all' },
  { name: 'hr/oib', shape: '3ddddddddd?', swaps: 'none' },
  { name: 'in/aadhaar', shape: '3dddddddddd?', swaps: 'all' },
  { name: 'be/btw', shape: '0ddddddd??', swaps: 'all' },
  { name: 'au/abn', shape: '??ddddddddd', swaps: 'none' },
  { name: 'au/tfn', shape: '8ddddddd?', swaps: 'all' },
  { name: 'ch/ahv', shape: '756ddddddddd?', swaps: 'none' },
  { name: 'il/id', shape: '3ddddddd?', swaps: 'but 09' },
  { name: 'fr/siren', shape: '4ddddddd?', swaps: 'but 09' },
  { name: 'mx/clabe', shape: '032dddddddddddddd?', swaps: 'none' },
  { name: 'cn/ric', shape: '36042619910101dd1?', swaps: 'all' },
  { name: 'no/fodselsnummer', shape: '151086ddd??', swaps: 'all' },
  { name: 'mu/nid', shape: 'M0904972dddd1?', swaps: 'none' },
];

for (const { name, shape, swaps } of PROMISES) {
  test(`${name}: catches every single wrong digit${swaps === 'none' ? '' : swaps === 'all' ? ' and every swap of neighbours' : ' and swaps of neighbours but 09'}`, () => {
    const open = [...shape].filter((char) => char === 'd').length;
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: open, maxLength: open });
    fc.assert(
      fc.property(digits, (drawn) => {
        const number = complete(name, shape, drawn);
        fc.pre(number !== undefined);
        assert.deepEqual(accepted(name, mutations(number ?? '', swaps)), [], `from ${number}`);
      }),
      { numRuns: 40 },
    );
  });
}

/** Fills the drawn digits in and tries check digits until the validator accepts. */
function complete(name: string, shape: string, drawn: readonly number[]): string | undefined {
  let at = 0;
  const body = shape.replace(/d/g, () => String(drawn[at++]));
  const places = (body.match(/\?/g) ?? []).length;
  for (let check = 0; check < 10 ** places; check++) {
    const tail = String(check).padStart(places, '0');
    let used = 0;
    const candidate = body.replace(/\?/g, () => tail[used++] ?? '');
    if (accepts(name, candidate)) return candidate;
  }
  return undefined;
}

function mutations(number: string, swaps: 'all' | 'but 09' | 'none'): string[] {
  const out: string[] = [];
  for (let index = 0; index < number.length; index++) {
    const digit = number[index] ?? '';
    if (!/\d/.test(digit)) continue;
    for (let other = 0; other < 10; other++) if (String(other) !== digit) out.push(number.slice(0, index) + String(other) + number.slice(index + 1));
    const next = number[index + 1] ?? '';
    if (swaps === 'none' || !/\d/.test(next) || next === digit) continue;
    if (swaps === 'but 09' && ((digit === '0' && next === '9') || (digit === '9' && next === '0'))) continue;
    out.push(number.slice(0, index) + next + digit + number.slice(index + 2));
  }
  return out;
}

const accepted = (name: string, values: readonly string[]): string[] => values.filter((value) => accepts(name, value));
