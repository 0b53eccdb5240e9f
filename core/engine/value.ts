/** One value with what is known of its surroundings. */
import type { ValueContext } from './detector.ts';
import type { Finding } from '../wire/finding.ts';
import type { CompiledRules } from './compile.ts';
import { type DocumentShape, DocumentText } from './document.ts';
import { Judge } from './judge.ts';
import { resolveOverlaps } from './overlap.ts';
import type { Scanner } from './scanner.ts';
import { DOUBTFUL } from './severity.ts';
import { nameAmong } from '../names/people.ts';
import { looksLikePerson } from '../names/prose-people.ts';
import { isPlaceholder } from '../filters/placeholder.ts';

/** Longer values are scanned up to here: a cell of a result grid may hold a document. */
const LONGEST_VALUE = 1_000_000;

const PLAIN: DocumentShape = { format: 'text', machine: false, layout: undefined, stem: undefined, notebook: false };

/** Findings within `value`; offsets are within it. */
export function judgeValue(compiled: CompiledRules, scanner: Scanner, value: string, context: ValueContext, lowest = DOUBTFUL): readonly Finding[] {
  if (value.length === 0) return [];
  const text = value.length > LONGEST_VALUE ? value.slice(0, LONGEST_VALUE) : value;
  const field = context.name === undefined ? undefined : { name: context.name, path: context.path ?? [], source: 'column' as const };
  const document = new DocumentText(text, PLAIN, 0, field);
  const judge = new Judge(compiled, document, lowest);
  const { hits } = scanner.scan(document, judge, 0, text.length);
  if (context.name !== undefined && text.length <= 200 && !isPlaceholder(text)) {
    const name = nameAmong(context.name, context.path ?? []);
    const person = name === context.name || looksLikePerson(text, compiled.gazetteer());
    for (const match of person ? compiled.names.match(name) : []) {
      const rule = compiled.rules[match.rule]!;
      if (!rule.acceptsValue?.(text)) continue;
      const hit = judge.judgeNamed(rule, 0, text.length, match.phrase, context.name);
      if (hit) hits.push(hit);
    }
  }
  return resolveOverlaps(hits).map((hit) => judge.explain(hit));
}
