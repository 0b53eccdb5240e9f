/** The hover text: what was found, why, under which rules of law, what each replacement would make of it, how to ignore it. */
import type { EntityInfo } from '#core/engine/detector.ts';
import type { Finding } from '#core/wire/finding.ts';
import { entityPage, percent, titleOf } from '../diagnostics/wording.ts';

export interface Explained {
  readonly finding: Finding;
  readonly info: EntityInfo | undefined;
  /** What each replacement makes of the value: its name and result. */
  readonly replacements: readonly (readonly [string, string])[];
}

export function explain({ finding, info, replacements }: Explained, markdown: boolean): string {
  const title = titleOf(finding.entity, info);
  const bold = (text: string): string => (markdown ? `**${text}**` : text);
  const code = (text: string): string => (markdown ? codeSpan(text) : text);
  const lines: string[] = [];
  const strength = finding.reserved === true ? 'reserved for tests and documentation' : percent(finding.confidence);
  lines.push(`${bold(title)} (${strength})`, '');
  const law = info === undefined || info.regulations.length === 0 ? '' : ` · ${info.regulations.join(', ')}`;
  lines.push(`${code(finding.category)}${law}`, '');
  lines.push(bold('Why'));
  for (const { text, score } of finding.reasons) lines.push(`- ${markdown ? escapeMarkdown(text) : text} → ${percent(score)}`);
  lines.push('', bold('Replaced'));
  for (const [name, result] of replacements) lines.push(`- ${name}: ${code(result)}`);
  const rule = markdown ? `[${finding.entity}](${entityPage(finding.entity)})` : finding.entity;
  lines.push('', `Rule ${code(finding.ruleId)} of ${rule}. Not personal data? Press Ctrl+. to ignore it here or to allow it in this workspace.`);
  return lines.join('\n');
}

function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!<>|~]/g, '\\$&');
}
