/** Findings → edits that replace their values. */
import type { TextEdit } from '../engine/detector.ts';
import type { Masker, Replacement } from '../masking/masker.ts';
import type { Finding } from '../wire/finding.ts';
import type { LanguageSyntax } from './language-syntax.ts';
import { embed } from './embed.ts';
import { readValue, writeValue } from './written.ts';

/** Ascending, non-overlapping edits. Of overlapping findings the longer one wins, then the surer one. */
export function maskEdits(text: string, findings: readonly Finding[], how: (finding: Finding) => Replacement, masker: Masker, syntax: LanguageSyntax): readonly TextEdit[] {
  return embed(text, syntax, disjoint(findings).map((finding) => {
    const { start, end, entity, written } = finding;
    return { start, end, by: writeValue(masker.replace(readValue(text.slice(start, end), written), entity, how(finding)), written) };
  }));
}

export function disjoint(findings: readonly Finding[]): readonly Finding[] {
  const kept: Finding[] = [];
  for (const finding of [...findings].sort((left, right) => left.start - right.start || right.end - left.end)) {
    const last = kept.at(-1);
    if (last === undefined || finding.start >= last.end) kept.push(finding);
    else if (finding.end - finding.start > last.end - last.start || (finding.end - finding.start === last.end - last.start && finding.confidence > last.confidence)) kept[kept.length - 1] = finding;
  }
  return kept;
}
