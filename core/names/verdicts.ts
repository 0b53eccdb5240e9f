/** What a column's, key's or variable's name says by itself. */
import type { NameVerdict } from '../engine/detector.ts';
import type { CompiledRules } from '../engine/compile.ts';
import { splitIdentifier } from './identifier.ts';
import { nameAmong } from './people.ts';

const OWN_NAME = 0.85;
/** A path element speaks for what is below it, less surely: `customer.ssn.last_checked`. */
const PATH_NAME = 0.6;

/** Names that take their meaning from what encloses them: `phone.home`, `ssn.value`. Any other name is something of its own, whatever its table is called. */
const NEUTRAL = new Set('value values number num no nr text txt raw plain full formatted display current old new home work private business office mobile personal primary secondary main other default e164 international national local first second'.split(' '));

const saysNothing = (name: string): boolean => splitIdentifier(name).every((word) => NEUTRAL.has(word) || /^\d+$/.test(word));

/** Best first; one verdict an entity. */
export function verdictsOfName(compiled: CompiledRules, name: string, path: readonly string[]): readonly NameVerdict[] {
  const found = new Map<string, NameVerdict>();
  const offer = (text: string, confidence: number, reason: (phrase: string) => string): void => {
    for (const match of compiled.names.match(text)) {
      const { rule } = compiled.rules[match.rule]!;
      if (!found.has(rule.entity)) found.set(rule.entity, { entity: rule.entity, category: rule.category, confidence, reason: reason(match.phrase) });
    }
  };
  const among = nameAmong(name, path);
  offer(among, OWN_NAME, (phrase) => (among === name ? `the name “${name}” means ${phrase}` : `“${name}” of ${path[path.length - 1]} means ${phrase}`));
  // `customer` + `name` mean customer name together, though neither does alone.
  const parent = path[path.length - 1];
  if (parent !== undefined && found.size === 0) offer(`${parent}_${name}`, OWN_NAME - 0.05, (phrase) => `“${parent}.${name}” means ${phrase}`);
  if (found.size === 0 && saysNothing(name)) for (const element of path) offer(element, PATH_NAME, (phrase) => `“${element}” in its path means ${phrase}`);
  return [...found.values()].sort((a, b) => b.confidence - a.confidence);
}
