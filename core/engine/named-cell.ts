/** Hits of a cell for whose column's name speaks, whatever the value looks like. */
import { isPlaceholder } from '../filters/placeholder.ts';
import { looksLikePerson } from '../names/prose-people.ts';
import type { ColumnPlan } from './column-plan.ts';
import type { CompiledRules } from './compile.ts';
import type { Hit } from './hit.ts';
import { type Judge, NAME_ONLY } from './judge.ts';

/** Longest value that a name speaks for. */
const LONGEST = 200;

/**
 * Adds hits for the cell text[start, end).
 * @param first where in `hits` those begin that patterns found in the cell
 */
export function addNamedHits(compiled: CompiledRules, judge: Judge, column: ColumnPlan, text: string, start: number, end: number, hits: Hit[], first: number): void {
  if (column.named.length === 0 || end - start > LONGEST) return;
  const value = text.slice(start, end);
  if (column.means !== column.name && !looksLikePerson(value, compiled.gazetteer())) return;
  let placeholder: boolean | undefined;
  for (const { rule, phrase } of column.named) {
    if (isCovered(hits, first, rule.index, start, end) || !rule.acceptsValue?.(value)) continue;
    placeholder ??= isPlaceholder(value);
    if (placeholder) return;
    const hit = judge.judgeNamed(rule, start, end, phrase, column.name!);
    if (hit) hits.push(hit);
  }
}

/** A pattern of the same rule holds the cell already, and no less surely. */
function isCovered(hits: readonly Hit[], first: number, rule: number, start: number, end: number): boolean {
  for (let i = first; i < hits.length; i++) {
    const hit = hits[i]!;
    if (hit.rule.index === rule && hit.start === start && hit.end === end && hit.confidence >= NAME_ONLY) return true;
  }
  return false;
}
