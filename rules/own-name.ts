/**
 * A country's rule is also spoken for by its own name: "German tax", "Swiss company", "US social security" before or in the
 * name of a value. Derived from the title, so that no pack has to repeat it.
 */
import type { Rule } from '#core/rules/rule.ts';

/** Adjectives of two words; all others have one. */
const LONG_ADJECTIVE = /^(?:Costa Rican|New Zealand|South African|North Macedonian|Hong Kong|San Marino|Sri Lankan|British Columbia|Ghana|Emirates) /;
/** What people call the same kind of number. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  identity: ['identity', 'id', 'national'], citizen: ['citizen', 'id', 'identity', 'national'], national: ['national', 'id', 'identity'], personal: ['personal', 'id', 'identity', 'national'],
  individual: ['individual', 'id', 'identity', 'national'], birth: ['birth', 'id', 'national'], civil: ['civil', 'id', 'national'], unified: ['unified', 'id', 'national'], resident: ['resident', 'id', 'identity', 'national'],
  population: ['population', 'id', 'identity', 'national'], tax: ['tax', 'taxpayer', 'tin'], taxpayer: ['taxpayer', 'tax', 'tin'], fiscal: ['fiscal', 'tax'], company: ['company', 'business', 'corporate'],
  business: ['business', 'company'], organisation: ['organisation', 'organization', 'company'], driving: ['driving', 'driver', 'drivers'], driver: ['driver', 'drivers', 'driving'], vehicle: ['vehicle', 'licence plate', 'license plate'], postcode: ['postcode', 'postal'],
};

/** The rule with the phrases of its title among its context words and names. Rules of no country stay as they are. */
export function withOwnName(rule: Rule, scope: string): Rule {
  if (!/^[a-z]{2}$/.test(scope)) return rule;
  const title = rule.title.replace(/ \([^)]*\)| without its prefix| without century/g, '');
  const adjective = LONG_ADJECTIVE.exec(title)?.[0].trim() ?? title.split(' ')[0] ?? '';
  const rest = title.slice(adjective.length).trim().split(' ');
  const [kind, next] = rest;
  if (kind === undefined || kind === '' || !/^\p{Lu}/u.test(adjective)) return rule;
  // "US" is a word of English too, so one more word has to follow.
  const phrases = /^U[KS]$/.test(adjective) && next !== undefined && next !== 'number' ? [`${adjective} ${kind} ${next}`] : (KINDS[kind] ?? [kind]).map((word) => `${adjective} ${word}`);
  const words = [...new Set([...(rule.context?.words ?? []), ...phrases.map((phrase) => phrase.toLowerCase())])];
  const names = rule.names === undefined ? undefined : [...new Set([...rule.names, title.toLowerCase()])];
  return { ...rule, context: { ...rule.context, words }, ...(names === undefined ? {} : { names }) };
}
