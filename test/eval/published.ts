/**
 * Numbers that test suites of other projects publish as valid or invalid (kept outside this repository): whether our
 * validators agree, and whether the valid ones are found when they are all the text there is.
 *
 * `published_numbers.jsonl`: one `{"kind": "pl/pesel", "value": "…", "valid": true, "source": "…"}` a line.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Detector } from '#core/engine/detector.ts';
import { validators } from '#core/validators/index.ts';
import { builtinPacks } from '#rules';

interface PublishedNumber {
  readonly kind: string;
  readonly value: string;
  readonly valid: boolean;
  readonly source: string;
}

interface Share { readonly right: number; readonly of: number }

export interface PublishedResult {
  readonly kinds: number;
  readonly accepted: Share;
  readonly refused: Share;
  /** Of the valid ones: found as lone texts at the default threshold. */
  readonly found: Share;
  /** Where the lists contradict each other, the published algorithm or themselves; not counted above. */
  readonly contradictions: readonly { readonly number: PublishedNumber; readonly why: string }[];
  readonly mistakes: readonly { readonly number: PublishedNumber; readonly what: string }[];
}

/** A list's kind → our validators, where the names differ; any of several may accept. */
const VALIDATORS: Readonly<Record<string, readonly string[]>> = {
  'at/businessid': ['at/firmenbuch'], 'at/tin': ['at/steuernummer'], 'at/vnr': ['at/svnr'], 'az/tin': ['az/voen'], 'az/pin': ['az/fin'],
  'be/bis': ['be/national-number'], 'be/nn': ['be/national-number'], 'be/insz': ['be/national-number'], 'be/ssn': ['be/national-number'], 'be/eid': ['be/identity-card'], 'be/vat': ['be/btw'],
  'bg/pnf': ['bg/lnch'], bitcoin: ['crypto-address'], 'ca/bc_bhn': ['ca/bc-health'], 'ca/bc_phn': ['ca/bc-health'], 'ch/ssn': ['ch/ahv'], 'ch/vat': ['ch/uid'],
  'cr/cpf': ['cr/cedula'], 'cr/cpj': ['cr/juridica'], 'cr/cr': ['cr/dimex'], 'cz/rc': ['cz/rodne-cislo'], 'sk/rc': ['cz/rodne-cislo'], 'sk/ico': ['cz/ico'],
  'de/idnr': ['de/steuer-id'], 'de/stnr': ['de/steuernummer'], 'de/svnr': ['de/sozialversicherung'], 'de/vat': ['de/ust'], 'ee/ik': ['ee/isikukood'], 'fr/nif': ['fr/spi'], 'gr/vat': ['gr/afm'],
  'hk/hkid': ['hk/id'], 'hu/anum': ['hu/adoszam'], 'il/idnr': ['il/id'], 'it/codicefiscale': ['it/codice-fiscale', 'it/partita-iva'], 'it/iva': ['it/partita-iva'], 'jp/cn': ['jp/corporate'], 'jp/in_': ['jp/my-number'],
  'kr/rrn': ['kr/rrn', 'kr/frn'], 'lt/asmens': ['lt/asmens-kodas'], 'md/idno': ['md/idnp'], 'no/kontonr': ['no/kontonummer'], 'no/mva': ['no/orgnr'], 'nz/bankaccount': ['nz/bank'], 'pe/cui': ['pe/dni'],
  'pt/cc': ['pt/cartao-cidadao'], 'py/cedula': ['py/ci'], 'se/vat': ['se/moms'], 'si/ddv': ['si/davcna'], 'th/idnr': ['th/tnin'], 'th/pin': ['th/tnin'], 'th/moa': ['th/tin'],
  'tr/tckimlik': ['tr/tckn'], 'tw/ban': ['tw/ubn'], 'tw/natid': ['tw/id'], 'us/rtn': ['us/aba'], 'uy/cedula': ['uy/ci'], 'za/idnr': ['za/id'],
};

/** By kind and digits (or letters and digits). */
const CONTRADICTIONS: readonly (readonly [string, RegExp, string])[] = [
  ['be/bis', /^(?:88022999990|00000100195)$/, 'a national number, refused as a bis number; we take either'],
  ['be/nn', /^00400100184$/, 'a bis number, refused as a national number; we take either'],
  ['de/idnr', /^12345678903$/, 'Presidio’s tests want it found; BZSt asks for one digit that repeats'],
  ['de/stnr', /^(?:36574261808|1234567890|1420331601|0472480661811|136695978|123456789)$/, 'the state schemes have no common check digit, so length and state are all that can be judged'],
  ['do/cedula', /./, 'the list accepts numbers without a right Luhn digit by name (the oldest cards), so a wrong digit is only doubtful'],
  ['do/rnc', /^(?:10233317|501676936)$/, 'accepted by name in the list; their check digit is wrong (DGII)'],
  ['iban', /^ES(?:2121000418450200051331|8931831500950101210562|8931831500950001210562)$/, 'ISO 13616-1 fits; only the national check digits are wrong, which made-up accounts never have right'],
  ['in/epic', /^WKH11862(?:63|54)$/, 'the lists ask for a Luhn digit, which the numbers of Presidio’s tests don’t have'],
  ['kr/brn', /^(?:2061812345|3068200417|7288600316)$/, 'the check digit is wrong by the National Tax Service’s algorithm'],
  ['mac', /./, 'the list asks whether the manufacturer is registered, not whether it is an address'],
  ['mx/clabe', /^002115016003269411$/, 'refused for its town code; the check digit is right'],
  ['mx/rfc', /^VACE460910SX6$/, 'the other list accepts it unless the homoclave is checked too, which many real codes fail'],
  ['se/personnummer', /^(?:8803200016|119001022384)$/, 'written with the hyphen at no published place, or a birth in 1190'],
  ['mz/nuit', /^0+$/, 'zeros only'],
  ['az/tin', /^1231231231$/, 'fits neither digit of the published check'],
  ['bo/ci', /^(?:5555555|8888888|11111111)/, 'one digit repeated, which is never issued'],
  ['gb/nino', /^HH012345$/, 'without its suffix letter, and HH is no prefix that HMRC gives out'],
  ['lk/nic', /^199439848733$/, 'day 398 of the year'],
  ['us/ein', /^123456789$/, 'grouped as a social security number'],
];

/** Compares validators and detection with the set in `folder`. Kinds that no rule has are left out. */
export function evaluatePublished(folder: string, detector: Detector): PublishedResult {
  const entitiesOf = new Map<string, Set<string>>();
  for (const pack of builtinPacks()) for (const { validator, entity } of pack.rules) if (validator !== undefined) entitiesOf.set(validator, (entitiesOf.get(validator) ?? new Set()).add(entity));
  const numbers = readFileSync(join(folder, 'published_numbers.jsonl'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as PublishedNumber);
  const kinds = new Set<string>(), contradictions: { number: PublishedNumber; why: string }[] = [], mistakes: { number: PublishedNumber; what: string }[] = [];
  const accepted = { right: 0, of: 0 }, refused = { right: 0, of: 0 }, found = { right: 0, of: 0 };
  for (const number of numbers) {
    const names = (VALIDATORS[number.kind] ?? [number.kind]).filter((name) => validators.has(name));
    if (names.length === 0) continue;
    kinds.add(number.kind);
    const verdicts = names.map((name) => validators.get(name)!(number.value).verdict);
    const fits = verdicts.some((verdict) => verdict !== 'invalid');
    const why = fits === number.valid ? undefined : contradiction(number);
    if (why !== undefined) {
      contradictions.push({ number, why });
      continue;
    }
    if (!number.valid) {
      refused.of++;
      // A sample that everybody prints is refused as a person's number.
      if (!fits || verdicts.includes('reserved')) refused.right++;
      else mistakes.push({ number, what: 'accepted' });
      continue;
    }
    accepted.of++;
    if (fits) accepted.right++;
    else mistakes.push({ number, what: 'refused' });
    found.of++;
    const entities = new Set(names.flatMap((name) => [...(entitiesOf.get(name) ?? [])]));
    const least = number.value.trim().length * 0.8;
    if (detector.scan(number.value, { loneReadings: true }).findings.some((finding) => finding.end - finding.start >= least && (entities.has(finding.entity) || finding.entity.startsWith(`${country(number.kind)}_`)))) found.right++;
    else if (fits) mistakes.push({ number, what: 'not found as bare text' });
  }
  return { kinds: kinds.size, accepted, refused, found, contradictions, mistakes };
}

const country = (kind: string): string => (kind.startsWith('gb/') ? 'UK' : kind.slice(0, 2).toUpperCase());

function contradiction({ kind, value }: PublishedNumber): string | undefined {
  const plain = value.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return CONTRADICTIONS.find(([of, numbers]) => of === kind && numbers.test(plain))?.[2];
}
