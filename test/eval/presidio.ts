/**
 * Presidio's own recognizer tests (MIT, kept outside this repository) as a measure: each case names an entity, a text and the
 * spans that must be found; an empty list means that nothing may be found at information level or above.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Detector } from '#core/engine/detector.ts';

interface PresidioCase {
  readonly id: string;
  readonly entity: string;
  readonly text: string;
  /** Code point offsets. */
  readonly expected: readonly (readonly [number, number])[];
  /** The score that Presidio's test asks for; null where the case states none. */
  readonly min_score: number | null;
}

export interface PresidioResult {
  /** Cases of entities that the rules have. */
  readonly cases: number;
  readonly passed: number;
  /** Of them, found at the default threshold. */
  readonly passedAtDefault: number;
  readonly failures: readonly { readonly id: string; readonly entity: string; readonly why: string }[];
  /** Entities of the set that no rule has, with their number of cases. */
  readonly notShipped: ReadonlyMap<string, number>;
}

/** Default threshold of `ScanOptions.minConfidence`. */
const DEFAULT_THRESHOLD = 0.4;
/** Where the test asks for no score, Presidio's own pattern score for such values is this low. */
const UNSTATED = 0.05;

/** Presidio's name → ours, where we report the same thing under a more precise name. */
const SAME: ReadonlyMap<string, readonly string[]> = new Map([
  ['TR_PHONE_NUMBER', ['PHONE_NUMBER']],
  ['PH_MOBILE_NUMBER', ['PHONE_NUMBER']],
]);

/** Where we differ on purpose, by the text of the case. */
const DIFFERENCES: readonly (readonly [RegExp, string])[] = [
  [/code is\d/, 'the value is glued to a word; we ask for a boundary'],
  [/^2345:0425:|^2400:c401::/, 'the set expects nothing for a public IPv6 address that it expects elsewhere'],
  [/AAAAAA00B11C333N/, 'its control letter is wrong (D.M. 13813/1976), so it is nobody\'s code'],
  [/AA1234567 aa 1234567/, 'overlapping candidates of the same likelihood share the text'],
  [/^A1234567Z$/, 'ICA has never used the series A'],
];

/** A case passes when each expected span is found with the entity at the smaller of our default threshold and the score that the case asks for. */
export function evaluatePresidio(folder: string, detector: Detector): PresidioResult {
  const shipped = new Set(detector.entities().map((info) => info.entity));
  const notShipped = new Map<string, number>();
  const failures: { id: string; entity: string; why: string }[] = [];
  let cases = 0;
  let passedAtDefault = 0;
  for (const line of readFileSync(join(folder, 'presidio_dev.jsonl'), 'utf8').split('\n').filter(Boolean)) {
    const one = JSON.parse(line) as PresidioCase;
    const names = new Set([one.entity, ...(SAME.get(one.entity) ?? [])]);
    if (![...names].some((name) => shipped.has(name))) {
      notShipped.set(one.entity, (notShipped.get(one.entity) ?? 0) + 1);
      continue;
    }
    cases++;
    const findings = detector.scan(one.text, { minConfidence: 0, loneReadings: true }).findings.filter((finding) => names.has(finding.entity));
    const missing = (threshold: number): readonly string[] =>
      one.expected
        .map(([start, end]) => [utf16(one.text, start), utf16(one.text, end)] as const)
        .filter(([start, end]) => !findings.some((finding) => finding.start === start && finding.end === end && (finding.confidence >= threshold || finding.reserved === true)))
        .map(([start, end]) => `misses "${one.text.slice(start, end)}"${best(findings, start, end)}`);
    const loud = findings.filter((finding) => finding.severity !== 'hint');
    if (one.expected.length === 0) {
      if (loud.length === 0) passedAtDefault++;
      else failures.push({ id: one.id, entity: one.entity, why: `finds ${one.entity} in ${JSON.stringify(one.text)} (${loud.map((finding) => finding.confidence).join(', ')})${reason(one.text)}` });
      continue;
    }
    if (missing(DEFAULT_THRESHOLD).length === 0) passedAtDefault++;
    const missed = missing(Math.min(DEFAULT_THRESHOLD, one.min_score ?? UNSTATED));
    if (missed.length > 0) failures.push({ id: one.id, entity: one.entity, why: `in ${JSON.stringify(one.text)}: ${missed.join('; ')}${reason(one.text)}` });
  }
  return { cases, passed: cases - failures.length, passedAtDefault, failures, notShipped };
}

function reason(text: string): string {
  const known = DIFFERENCES.find(([pattern]) => pattern.test(text));
  return known === undefined ? '' : `: ${known[1]}`;
}

function best(findings: readonly { start: number; end: number; confidence: number }[], start: number, end: number): string {
  const near = findings.filter((finding) => finding.start < end && start < finding.end);
  return near.length === 0 ? '' : ` (has ${near.map((finding) => `${finding.start}-${finding.end} at ${finding.confidence}`).join(', ')})`;
}

/** Code point offset → UTF-16 offset. */
function utf16(text: string, codePoints: number): number {
  return [...text].slice(0, codePoints).join('').length;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  if (values.data === undefined) throw new Error('say where presidio_dev.jsonl is: --data DIR');
  const [{ createDetector }, { createRe2 }, { builtinPacks }] = await Promise.all([import('#core/engine/create.ts'), import('#core/engine/re2.ts'), import('#rules')]);
  const result = evaluatePresidio(values.data, createDetector(builtinPacks(), createRe2()));
  for (const failure of result.failures) console.log(`${failure.entity} ${failure.why}`);
  console.log(`${result.passed} of ${result.cases} cases pass (${((100 * result.passed) / result.cases).toFixed(1)} %); at the default threshold ${result.passedAtDefault}`);
  console.log(`not shipped: ${[...result.notShipped].map(([entity, count]) => `${entity} ${count}`).join(', ') || 'none'}`);
}
