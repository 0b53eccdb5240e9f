/** `.pii-gate.yaml`: what a workspace says of its personal data. Pure: text in, policy and problems out. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { RegexEngine } from '../engine/detector.ts';
import { regexProblem } from '../engine/linear/check.ts';
import type { MaskSpec, RulePack } from '../rules/rule.ts';
import { validators as builtinValidators, type Validator } from '../validators/index.ts';
import type { Environment } from '../wire/statement.ts';
import type { Severity } from '../wire/finding.ts';
import { type CustomRule, toRule } from './custom-rule.ts';
import { isRecord, type Problem, readCheckedYaml } from './checked-yaml.ts';
import { workspacePolicySchema } from './workspace-policy-schema.ts';

export type PolicyProblem = Problem;

/** A table or a column that the workspace calls sensitive. `table` may hold `*`. */
export interface SensitiveEntry {
  readonly schema?: string;
  readonly table: string;
  readonly column?: string;
  readonly entity?: string;
  readonly category?: string;
  /** How its values are masked in results and exports; else as the entity's or category's. */
  readonly mask?: MaskSpec;
}

export interface WorkspacePolicy {
  readonly minConfidence?: number;
  readonly disabledRules: ReadonlySet<string>;
  readonly disabledEntities: ReadonlySet<string>;
  readonly severity: ReadonlyMap<string, Severity>;
  /** The workspace's own rules; absent when there are none. */
  readonly custom?: RulePack;
  /** True when the allow-list names the value. */
  allowed(value: string, entity: string): boolean;
  readonly exclude: readonly string[];
  /** Masks by entity or category; ask `maskFor`. */
  readonly masks: ReadonlyMap<string, MaskSpec>;
  maskFor(entity: string, category: string): MaskSpec | undefined;
  readonly sensitive: readonly SensitiveEntry[];
  /** Environment by connection name. */
  readonly connections: ReadonlyMap<string, Environment>;
}

export interface ParsedPolicy {
  /** What could be used: entries with problems are left out, so a typing error never widens an allow-list. */
  readonly policy: WorkspacePolicy;
  /** 1-based lines and columns. */
  readonly problems: readonly PolicyProblem[];
}

export interface PolicyDeps {
  /** Checks custom patterns while they are typed, and runs allow patterns. Without it patterns are only checked for shape and allow patterns never match. */
  readonly regex?: RegexEngine;
  readonly validators?: ReadonlyMap<string, Validator>;
}

/** Masks that need no further word. */
type MaskName = 'redact' | 'token' | 'email' | 'fake' | 'format';

interface PolicyFile {
  readonly minConfidence?: number;
  readonly rules?: { readonly disable?: readonly string[]; readonly severity?: Readonly<Record<string, Severity>>; readonly custom?: readonly CustomRule[] };
  readonly allow?: readonly { readonly value?: string; readonly sha256?: string; readonly pattern?: string; readonly entity?: string }[];
  readonly exclude?: readonly string[];
  readonly masks?: Readonly<Record<string, MaskSpec | MaskName>>;
  readonly sensitive?: readonly (Omit<SensitiveEntry, 'mask'> & { readonly mask?: MaskSpec | MaskName })[];
  readonly connections?: Readonly<Record<string, Environment>>;
}

/** Never throws. An empty file is an empty policy. */
export function parseWorkspacePolicy(text: string, source: string, deps: PolicyDeps = {}): ParsedPolicy {
  const checked = readCheckedYaml(text, source, workspacePolicySchema);
  const problems: Problem[] = [...checked.problems];
  if (checked.value === null || checked.value === undefined) {
    return { policy: build({}, source, deps, new Set()), problems: text.trim() === '' || checked.value === null ? checked.problems.filter((problem) => !problem.message.startsWith('the document must be')) : problems };
  }
  const file = checked.value as PolicyFile;
  const broken = brokenParts(checked.problems, checked.value);
  const known = deps.validators ?? builtinValidators;
  if (isRecord(checked.value) && !broken.has('rules')) {
    for (const [i, rule] of (file.rules?.custom ?? []).entries()) {
      const at = ['rules', 'custom', i];
      if (rule.regex === undefined && rule.words === undefined && rule.names === undefined) problems.push(checked.problemAt(at, `the rule \`${rule.id}\` needs \`regex\`, \`words\` or \`names\``));
      if (rule.validator !== undefined && !known.has(rule.validator)) problems.push(checked.problemAt([...at, 'validator'], `there is no check named \`${rule.validator}\``));
      if (rule.regex !== undefined) check(rule.regex, deps.regex, (why) => problems.push(checked.problemAt([...at, 'regex'], why)));
    }
  }
  if (isRecord(checked.value) && !broken.has('allow')) {
    for (const [i, entry] of (file.allow ?? []).entries()) {
      if (entry.value === undefined && entry.sha256 === undefined && entry.pattern === undefined) problems.push(checked.problemAt(['allow', i], 'an allow entry needs `value`, `sha256` or `pattern`'));
      if (entry.pattern !== undefined) check(entry.pattern, deps.regex, (why) => problems.push(checked.problemAt(['allow', i, 'pattern'], why)));
    }
  }
  return { policy: build(isRecord(checked.value) ? file : {}, source, deps, broken), problems };
}

/** Top-level parts with a problem of shape: they are left out whole, because half-read they could say the opposite. */
function brokenParts(problems: readonly Problem[], value: unknown): ReadonlySet<string> {
  const broken = new Set<string>();
  if (!isRecord(value)) return new Set(Object.keys(workspacePolicySchema.properties ?? {}));
  for (const { message } of problems) {
    const part = /^`(\w+)/.exec(message)?.[1];
    if (part !== undefined) broken.add(part);
  }
  return broken;
}

function check(pattern: string, engine: RegexEngine | undefined, report: (why: string) => void): void {
  const why = engine && regexProblem(pattern, false, engine);
  if (why !== undefined) report(why);
}

function build(file: PolicyFile, source: string, deps: PolicyDeps, broken: ReadonlySet<string>): WorkspacePolicy {
  const rules = broken.has('rules') ? {} : (file.rules ?? {});
  const disable = rules.disable ?? [];
  const custom = (rules.custom ?? []).filter((rule) => rule.regex !== undefined || rule.words !== undefined || rule.names !== undefined);
  const allow = broken.has('allow') ? [] : (file.allow ?? []);
  const masks = new Map<string, MaskSpec>();
  if (!broken.has('masks')) for (const [key, mask] of Object.entries(file.masks ?? {})) masks.set(key, typeof mask === 'string' ? { kind: mask } : mask);
  const perRule = new Map(custom.filter((rule) => rule.allow).map((rule) => [rule.entity, new Set(rule.allow)]));
  return {
    ...(file.minConfidence === undefined || broken.has('minConfidence') ? {} : { minConfidence: file.minConfidence }),
    disabledRules: new Set(disable.filter((name) => /[a-z/]/.test(name))),
    disabledEntities: new Set(disable.filter((name) => !/[a-z/]/.test(name))),
    severity: new Map(Object.entries(rules.severity ?? {})),
    ...(custom.length === 0 ? {} : { custom: { source, scope: 'workspace', rules: custom.map(toRule) } }),
    allowed: (value, entity) => perRule.get(entity)?.has(value) === true || allowPredicate(allow, deps.regex)(value, entity),
    exclude: broken.has('exclude') ? [] : (file.exclude ?? []),
    masks,
    maskFor: (entity, category) => masks.get(entity) ?? maskOfCategory(masks, category),
    sensitive: broken.has('sensitive') ? [] : (file.sensitive ?? []).map(({ mask, ...entry }) => ({ ...entry, ...(mask === undefined ? {} : { mask: typeof mask === 'string' ? { kind: mask } : mask }) })),
    connections: new Map(Object.entries(broken.has('connections') ? {} : (file.connections ?? {}))),
  };
}

/** The nearest ancestor category wins: `user.contact.email`, then `user.contact`, then `user`. */
function maskOfCategory(masks: ReadonlyMap<string, MaskSpec>, category: string): MaskSpec | undefined {
  for (let key = category; key !== ''; key = key.slice(0, Math.max(0, key.lastIndexOf('.')))) {
    const mask = masks.get(key);
    if (mask) return mask;
  }
  return undefined;
}

type AllowEntry = NonNullable<PolicyFile['allow']>[number];

function allowPredicate(entries: readonly AllowEntry[], engine: RegexEngine | undefined): (value: string, entity: string) => boolean {
  return (value, entity) => entries.some((entry) => (entry.entity === undefined || entry.entity === entity) && names(entry, value, engine));
}

function names(entry: AllowEntry, value: string, engine: RegexEngine | undefined): boolean {
  if (entry.value !== undefined) return entry.value === value;
  if (entry.sha256 !== undefined) return bytesToHex(sha256(new TextEncoder().encode(value))) === entry.sha256;
  if (entry.pattern === undefined || !engine) return false;
  try {
    return engine.compile(`^(?:${entry.pattern})$`, { ignoreCase: false }).exec(value, 0) !== undefined;
  } catch {
    return false;
  }
}
