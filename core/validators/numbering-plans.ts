/**
 * Numbering plans out of libphonenumber's metadata, each compiled to one expression at first use. Parsing a number with the
 * library costs 15 µs; asking its own patterns costs 0.3 µs and gives the same answer (numbering-plans.test.ts holds the two
 * together).
 */
import metadata from 'libphonenumber-js/min/metadata';
import type { CountryCode } from 'libphonenumber-js/min';

interface Plan {
  readonly country: CountryCode;
  /** National (significant) numbers. */
  readonly national: RegExp;
  /** Numbers of a type that is in use; where the metadata has types, a number must be of one. */
  readonly types: RegExp | undefined;
  /** How numbers of a country begin that shares another's code. */
  readonly leading: RegExp | undefined;
  /** What may precede a national number at home: `0` in most of the world. */
  readonly trunk: RegExp | undefined;
  /** What the trunk prefix is rewritten to; empty in most plans. */
  readonly rewrite: string | undefined;
}

/** Positions in a country's record of metadata version 4 (libphonenumber-js/source/metadata.js). */
const NATIONAL_PATTERN = 2, NATIONAL_PREFIX = 5, PREFIX_FOR_PARSING = 7, PREFIX_TRANSFORM = 8, LEADING_DIGITS = 10, TYPES = 11;

const countries = metadata.countries as unknown as Readonly<Record<string, readonly unknown[]>>;
const callingCodes = metadata.country_calling_codes as unknown as Readonly<Record<string, readonly CountryCode[]>>;
const nonGeographic = (metadata as unknown as { readonly nonGeographic?: Readonly<Record<string, readonly unknown[]>> }).nonGeographic ?? {};

/** Plans compiled so far. The only state: a pure cache of data that ships with the library. */
const compiled = new Map<string, Plan>();

function planOf(country: CountryCode): Plan | undefined {
  const known = compiled.get(country);
  if (known) return known;
  const record = countries[country];
  if (!record) return undefined;
  const prefix = (record[PREFIX_FOR_PARSING] || record[NATIONAL_PREFIX]) as string | undefined;
  const transform = record[PREFIX_TRANSFORM] as string | undefined;
  const plan: Plan = {
    country,
    national: new RegExp(`^(?:${record[NATIONAL_PATTERN] as string})$`),
    types: typesOf(record[TYPES]),
    leading: record[LEADING_DIGITS] ? new RegExp(`^(?:${record[LEADING_DIGITS] as string})`) : undefined,
    trunk: prefix ? new RegExp(`^(?:${prefix})`) : undefined,
    rewrite: transform || undefined,
  };
  compiled.set(country, plan);
  return plan;
}

function typesOf(types: unknown): RegExp | undefined {
  if (!Array.isArray(types)) return undefined;
  const patterns = types.flatMap((type: unknown) => (Array.isArray(type) && typeof type[0] === 'string' ? [type[0]] : []));
  return patterns.length === 0 ? undefined : new RegExp(`^(?:${patterns.join('|')})$`);
}

const inUse = (plan: Plan, national: string): boolean => plan.national.test(national) && (plan.types === undefined || plan.types.test(national));

/** The country of an international number, digits only and without `+`: `442079460000`. Undefined when it is in no plan. */
export function internationalCountry(digits: string): { readonly country: string; readonly national: string } | undefined {
  for (let length = 1; length <= 3; length++) {
    const code = digits.slice(0, length);
    const list = callingCodes[code];
    if (list) {
      // The first country of a shared code says how a trunk prefix is written; the others only own their numbers.
      const main = planOf(list[0]!);
      const national = main ? significant(main, digits.slice(length)) : digits.slice(length);
      const owner = list.find((country) => {
        const plan = planOf(country);
        return plan !== undefined && (plan === main || plan.leading === undefined || plan.leading.test(national)) && inUse(plan, national);
      });
      return owner && { country: owner, national };
    }
    const record = nonGeographic[code];
    if (record) return new RegExp(`^(?:${record[NATIONAL_PATTERN] as string})$`).test(digits.slice(length)) ? { country: `+${code}`, national: digits.slice(length) } : undefined;
  }
  return undefined;
}

/** The country whose plan has numbers of this general form, though no range in use holds it: plans grow faster than metadata. */
export function unassignedIn(digits: string): string | undefined {
  for (let length = 1; length <= 3; length++) {
    const main = callingCodes[digits.slice(0, length)]?.[0];
    const plan = main && planOf(main);
    if (plan) return plan.national.test(significant(plan, digits.slice(length))) ? plan.country : undefined;
  }
  return undefined;
}

/** The significant number when `digits` are a number of the country as dialled at home, trunk prefix or not; else undefined. */
export function nationalIn(country: CountryCode, digits: string): string | undefined {
  const plan = planOf(country);
  if (!plan || digits.length < 4 || digits.length > 17) return undefined;
  const national = significant(plan, digits);
  return inUse(plan, national) ? national : undefined;
}

/** Without its trunk prefix, unless only the whole is a number of the plan. */
function significant(plan: Plan, digits: string): string {
  const stripped = plan.trunk && withoutTrunk(plan, plan.trunk, digits);
  if (stripped === undefined) return digits;
  return plan.national.test(digits) && !plan.national.test(stripped) ? digits : stripped;
}

function withoutTrunk(plan: Plan, trunk: RegExp, digits: string): string | undefined {
  const match = trunk.exec(digits);
  if (!match || match[0].length === 0) return undefined;
  const captured = match.at(-1);
  if (plan.rewrite !== undefined && match.length > 1 && captured !== undefined) return digits.replace(trunk, plan.rewrite);
  return digits.slice(match[0].length);
}

