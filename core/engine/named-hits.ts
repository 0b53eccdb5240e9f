/** Hits of values whose column, key or variable name speaks for them. */
import { isPlaceholder } from '../filters/placeholder.ts';
import { eachColumnValue, separates, valueAfter } from '../structure/named-values.ts';
import type { CompiledRules } from './compile.ts';
import type { DocumentText } from './document.ts';
import type { Hit } from './hit.ts';
import type { Judge } from './judge.ts';

/** Adds hits of named values that begin in [from, to). */
export function namedHits(compiled: CompiledRules, document: DocumentText, judge: Judge, from: number, to: number, hits: Hit[]): void {
  const wanted = (name: string): boolean => compiled.names.match(name).some((match) => compiled.rules[match.rule]!.acceptsValue !== undefined);
  const sink = (name: string, start: number, end: number): void => {
    const value = document.text.slice(start, end);
    let placeholder: boolean | undefined;
    for (const match of compiled.names.match(name)) {
      const rule = compiled.rules[match.rule]!;
      if (!rule.acceptsValue?.(value)) continue;
      placeholder ??= isPlaceholder(value);
      if (placeholder) return;
      const hit = judge.judgeNamed(rule, start, end, match.phrase, name);
      if (hit) hits.push(hit);
    }
  };
  for (const table of document.tables) eachColumnValue(table, from, to, wanted, sink);
  if (document.format === 'csv') return;
  const { text } = document;
  for (let at = from; at < to; at++) {
    if (separates(text.charCodeAt(at))) valueAfter(document, at, wanted, sink);
  }
}
