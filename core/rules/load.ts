/** Reads a rule pack from YAML. Pure: text in, pack and precise problems out. */
import type { RegexEngine } from '../engine/detector.ts';
import { regexProblem } from '../engine/linear/check.ts';
import { isRecord, type Problem, readCheckedYaml } from '../policy/checked-yaml.ts';
import { validators as builtinValidators, type Validator } from '../validators/index.ts';
import type { Rule, RulePack } from './rule.ts';
import { requiredOfRule, rulePackSchema } from './rule-pack-schema.ts';

export interface LoadedPack {
  /** The rules that are sound; undefined when there is none. */
  readonly pack?: RulePack;
  /** 1-based lines and columns: what is wrong and what is expected. */
  readonly problems: readonly Problem[];
}

export interface LoadDeps {
  readonly regex: RegexEngine;
  readonly validators?: ReadonlyMap<string, Validator>;
}

/** Never throws. A rule with a problem is left out and reported; the others are kept. */
export function loadRulePack(text: string, source: string, deps: LoadDeps): LoadedPack {
  const checked = readCheckedYaml(text, source, rulePackSchema);
  const problems: Problem[] = [...checked.problems];
  if (!isRecord(checked.value) || !Array.isArray(checked.value['rules'])) return { problems };
  const scope = typeof checked.value['scope'] === 'string' ? checked.value['scope'] : '';
  const spoilt = new Set(checked.problems.map((problem) => /^`rules\[(\d+)\]/.exec(problem.message)?.[1] ?? lineOwner(problem, checked.problemAt, checked.value)).filter((index) => index !== undefined));
  const defaults = isRecord(checked.value['defaults']) ? checked.value['defaults'] : {};
  const seen = new Set<string>();
  const rules: Rule[] = [];
  const known = deps.validators ?? builtinValidators;
  for (const [i, raw] of (checked.value['rules'] as unknown[]).entries()) {
    if (spoilt.has(String(i)) || !isRecord(raw)) continue;
    const before = problems.length;
    const whole = { ...defaults, ...raw };
    for (const key of requiredOfRule) if (!Object.hasOwn(whole, key)) problems.push(checked.problemAt(['rules', i], `\`rules[${i}]\` lacks \`${key}\``));
    if (problems.length > before) continue;
    const rule = whole as unknown as Rule;
    if (!rule.id.startsWith(`${scope}/`)) problems.push(checked.problemAt(['rules', i, 'id'], `\`${rule.id}\` must begin with the pack's scope: \`${scope}/\``));
    if (seen.has(rule.id)) problems.push(checked.problemAt(['rules', i, 'id'], `\`${rule.id}\` is there twice; ids are unique`));
    seen.add(rule.id);
    if (rule.validator !== undefined && !known.has(rule.validator)) problems.push(checked.problemAt(['rules', i, 'validator'], `there is no validator named \`${rule.validator}\``));
    if (rule.patterns.length === 0 && !rule.nameOnly) problems.push(checked.problemAt(['rules', i, 'patterns'], `\`${rule.id}\` needs a pattern or \`nameOnly\``));
    for (const [k, pattern] of rule.patterns.entries()) tryPattern(pattern.regex, pattern.ignoreCase ?? false, deps.regex, (why) => problems.push(checked.problemAt(['rules', i, 'patterns', k, 'regex'], why)));
    if (rule.nameOnly) tryPattern(rule.nameOnly.valuePattern, false, deps.regex, (why) => problems.push(checked.problemAt(['rules', i, 'nameOnly', 'valuePattern'], why)));
    if (problems.length === before) rules.push(normalise(rule));
  }
  return rules.length > 0 ? { pack: { source, scope, rules }, problems } : { problems };
}

/** `mask: redact` is short for `mask: { kind: redact }`. */
function normalise(rule: Rule): Rule {
  const mask: unknown = rule.mask;
  return mask === 'redact' || mask === 'token' || mask === 'email' ? { ...rule, mask: { kind: mask } } : rule;
}

/** Problems of unknown keys don't name their rule; the line does. */
function lineOwner(problem: Problem, problemAt: (path: readonly (string | number)[], message: string) => Problem, value: unknown): string | undefined {
  if (!isRecord(value) || !Array.isArray(value['rules'])) return undefined;
  let owner: string | undefined;
  for (let i = 0; i < value['rules'].length; i++) if (problemAt(['rules', i], '').line <= problem.line) owner = String(i);
  return owner;
}

function tryPattern(regex: string, ignoreCase: boolean, engine: RegexEngine, report: (why: string) => void): void {
  const why = regexProblem(regex, ignoreCase, engine);
  if (why !== undefined) report(why);
}
