/** `node rules/document.ts [--write]`: docs/entities.md, the catalogue of what the shipped packs find. A test keeps it current. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Rule, RulePack } from '#core/rules/rule.ts';
import { builtinPacks } from './index.ts';

const target = new URL('../docs/entities.md', import.meta.url);
const SUBJECTS: Readonly<Record<string, string>> = { generic: 'Every country', names: 'Fields known by their name', credentials: 'Credentials' };
const regions = new Intl.DisplayNames(['en'], { type: 'region' });

/** The page as it should be. */
export function entitiesPage(packs: readonly RulePack[]): string {
  const titled = packs.map((pack) => ({ pack, title: SUBJECTS[pack.scope] ?? regions.of((pack.scope === 'uk' ? 'gb' : pack.scope).toUpperCase()) ?? pack.scope }));
  const subjects = titled.filter(({ pack }) => SUBJECTS[pack.scope] !== undefined);
  const countries = titled.filter(({ pack }) => SUBJECTS[pack.scope] === undefined).sort((a, b) => a.title.localeCompare(b.title, 'en'));
  const entities = new Set(packs.flatMap((pack) => pack.rules.map((rule) => rule.entity)));
  const lines = [
    '# Entities',
    '',
    `${entities.size} entities by ${packs.reduce((sum, pack) => sum + pack.rules.length, 0)} rules, for ${countries.length} countries and territories. Made from \`rules/*.yaml\` by \`node rules/document.ts --write\`.`,
    '',
    '**Evidence**: *check* = a published algorithm decides (check digits, allocation ranges, dates); *form* = the form alone, so a word or a name must speak for it; *context* = nothing is reported without a word or a name nearby; *name* = the column, key or variable name is enough.',
    '',
  ];
  for (const { pack, title } of [...subjects, ...countries]) {
    lines.push(`## ${title}`, '', '| entity | what | evidence | severity | category | regulations | source |', '|---|---|---|---|---|---|---|');
    for (const rows of byEntity(pack.rules)) lines.push(row(rows));
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function byEntity(rules: readonly Rule[]): readonly (readonly Rule[])[] {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) groups.set(rule.entity, [...(groups.get(rule.entity) ?? []), rule]);
  return [...groups.values()];
}

function row(rules: readonly Rule[]): string {
  const [first] = rules;
  if (first === undefined) return '';
  const all = (pick: (rule: Rule) => readonly string[]): string => [...new Set(rules.flatMap(pick))].join('; ');
  return `| \`${first.entity}\` | ${cell(all((rule) => [rule.title]))} | ${all(evidence)} | ${all((rule) => [rule.severity])} | \`${first.category}\` | ${cell(all((rule) => rule.regulations))} | ${cell(all((rule) => rule.references ?? []))} |`;
}

function evidence(rule: Rule): readonly string[] {
  const kinds = rule.patterns.length === 0 ? [] : [rule.validator === undefined ? 'form' : 'check'];
  if (rule.context?.required === true) kinds.push('context');
  if (rule.nameOnly !== undefined) kinds.push('name');
  return [kinds.join(' + ')];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

if (import.meta.main) {
  const page = entitiesPage(builtinPacks());
  if (process.argv.includes('--write')) writeFileSync(target, page);
  else process.stdout.write(page);
}

/** The page as it stands in the repository. */
export function writtenPage(): string {
  return readFileSync(target, 'utf8');
}
