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
    const { start, end, entity } = finding;
    const written = finding.written ?? (standsInQuery(text, start) ? IN_QUERY : undefined);
    return { start, end, by: writeValue(masker.replace(readValue(text.slice(start, end), written), entity, how(finding)), written) };
  }));
}

const IN_QUERY = ['form'] as const;

/** `?name=Anna&…`: nothing is encoded there, but what replaces it may have to be. */
function standsInQuery(text: string, start: number): boolean {
  return text.charCodeAt(start - 1) === 61 && /[?&][\w.[\]%-]{1,60}=$/.test(text.slice(Math.max(0, start - 64), start));
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
