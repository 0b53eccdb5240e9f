/** Where the same value stands elsewhere in a document. Compares values, gives places only. */
import type { Finding } from '#core/wire/finding.ts';

/** Other places named per finding. */
const maxPlaces = 5;

/** For each finding that shares its value with others: those others, nearest first. Linear in the findings. */
export function sameValue(text: { slice(start: number, end: number): string }, findings: readonly Finding[]): ReadonlyMap<Finding, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.entity}\n${text.slice(finding.start, finding.end)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const related = new Map<Finding, readonly Finding[]>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    // In document order: the nearest others stand around the finding's own index.
    for (const [index, finding] of group.entries()) {
      const from = Math.max(0, Math.min(index - (maxPlaces >> 1), group.length - maxPlaces - 1));
      related.set(finding, group.slice(from, from + maxPlaces + 1).filter((other) => other !== finding).slice(0, maxPlaces));
    }
  }
  return related;
}
