/** Strict-span scoring: a finding counts only with the exact span and the exact entity. */

export interface Labelled { readonly start: number; readonly end: number; readonly entity: string }
export interface Counts { truePositives: number; falsePositives: number; falseNegatives: number }
export interface Mistake { readonly document: string; readonly kind: 'missed' | 'false alarm'; readonly entity: string; readonly text: string }

const none = (): Counts => ({ truePositives: 0, falsePositives: 0, falseNegatives: 0 });

export const precision = (counts: Counts) => counts.truePositives / Math.max(1, counts.truePositives + counts.falsePositives);
export const recall = (counts: Counts) => counts.truePositives / Math.max(1, counts.truePositives + counts.falseNegatives);
export const f1 = (counts: Counts) => (2 * counts.truePositives) / Math.max(1, 2 * counts.truePositives + counts.falsePositives + counts.falseNegatives);

/** Adds up documents, overall and by entity and kind of file. */
export class Scoreboard {
  readonly total = none();
  readonly byEntity = new Map<string, Counts>();
  readonly byKind = new Map<string, Counts>();
  readonly mistakes: Mistake[] = [];

  add(document: { readonly id: string; readonly kind: string; readonly text: string; readonly spans: readonly Labelled[] }, found: readonly Labelled[]): void {
    const key = (span: Labelled) => `${span.start}:${span.end}:${span.entity}`;
    const expected = new Set(document.spans.map(key));
    const actual = new Set(found.map(key));
    for (const span of document.spans) this.#count(document, span, actual.has(key(span)) ? 'truePositives' : 'falseNegatives');
    for (const span of found) if (!expected.has(key(span))) this.#count(document, span, 'falsePositives');
  }

  #count(document: { readonly id: string; readonly kind: string; readonly text: string }, span: Labelled, what: keyof Counts): void {
    for (const counts of [this.total, upsert(this.byEntity, span.entity), upsert(this.byKind, document.kind)]) counts[what]++;
    if (what === 'truePositives') return;
    const line = document.text.slice(Math.max(0, span.start - 60), span.end + 20).replaceAll('\n', '⏎');
    this.mistakes.push({ document: document.id, kind: what === 'falseNegatives' ? 'missed' : 'false alarm', entity: span.entity, text: `«${document.text.slice(span.start, span.end)}» in ${line}` });
  }

  /** Unweighted mean of F1 over the entities that are labelled at all. */
  macroF1(): number {
    const labelled = [...this.byEntity.values()].filter((counts) => counts.truePositives + counts.falseNegatives > 0);
    return labelled.reduce((sum, counts) => sum + f1(counts), 0) / Math.max(1, labelled.length);
  }
}

function upsert(map: Map<string, Counts>, key: string): Counts {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = none();
  map.set(key, fresh);
  return fresh;
}
