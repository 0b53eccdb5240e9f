/** Policy text → policy, or every problem in it with line and column. Nothing half-valid is ever used. */
import { createHash } from 'node:crypto';
import type { Environment, ParseError } from '@marcbachmann/cel-js';
import { isScalar, isSeq, type YAMLMap } from 'yaml';
import type { ApproverStep, Effect } from '#core/wire/approval.ts';
import { policyEnvironment } from './context.ts';
import type { BreakGlass, CompiledCondition, Escalation, ParsedPolicy, PolicyRule } from './policy.ts';
import { readSurveys } from './surveys.ts';
import { YamlReader } from './yaml-reader.ts';

const effects: readonly Effect[] = ['allow', 'mask', 'review', 'deny'];
const ruleKeys = [
  'id', 'description', 'when', 'effect', 'why', 'approvers', 'min_approvals', 'steps', 'reason_required', 'reason_prompt', 'reason_pattern',
  'ticket_required', 'ticket_pattern', 'max_duration', 'ttl', 'pending_ttl', 'unused_ttl', 'escalate', 'break_glass', 'max_rows', 'mask_columns', 'sample',
];
const hour = 3_600_000;

/** @param source the file's name, for messages */
export function parsePolicy(text: string, source: string): ParsedPolicy {
  const reader = new YamlReader(text);
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems };
  const root = reader.map(reader.root, 'a policy: version, defaults, rules');
  if (!root) return { ok: false, problems: reader.problems };
  reader.onlyKeys(root, ['version', 'description', 'defaults', 'places', 'calendar', 'on_call', 'rules']);
  if (root.get('version') !== 1) reader.complain(root.get('version', true) ?? root, 'expected "version: 1"');
  const defaultsNode = root.get('defaults', true);
  const defaults = defaultsNode === undefined ? undefined : reader.map(defaultsNode, '"defaults" with pending_ttl and max_duration');
  if (defaults) reader.onlyKeys(defaults, ['pending_ttl', 'max_duration']);
  const surveys = readSurveys(reader, root);
  const environment = policyEnvironment();
  const rules: PolicyRule[] = [];
  for (const item of reader.items(root, 'rules')) {
    const map = reader.map(item, 'a rule: {id, when, effect, …}');
    const rule = map && readRule(reader, environment, map);
    if (rule && rules.some((other) => other.id === rule.id)) reader.complain(item, `the rule id "${rule.id}" is used twice`);
    else if (rule) rules.push(rule);
  }
  if (reader.problems.length === 0 && rules.length === 0) reader.complain(root, 'a policy without rules would deny everything; add "rules:"');
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems };
  return {
    ok: true,
    policy: {
      rules,
      surveys,
      needsHistory: rules.some((rule) => /\bhistory\b/.test(rule.when.source)),
      needsCalendar: rules.some((rule) => /\bcalendar\b/.test(rule.when.source)),
      defaults: {
        pendingTtlMs: (defaults && reader.duration(defaults, 'pending_ttl')) ?? hour,
        maxDurationMs: (defaults && reader.duration(defaults, 'max_duration')) ?? 8 * hour,
      },
      version: createHash('sha256').update(text).digest('hex').slice(0, 16),
      source,
    },
  };
}

function readRule(reader: YamlReader, environment: Environment, map: YAMLMap): PolicyRule | undefined {
  const before = reader.problems.length;
  reader.onlyKeys(map, ruleKeys);
  const id = reader.text(map, 'id');
  if (id === undefined) reader.complain(map, 'a rule needs an "id"');
  else if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(id)) reader.complain(map.get('id', true), '"id" must be 1 to 64 of a-z, 0-9, ".", "_", "-"');
  const effect = effects.find((name) => name === map.get('effect'));
  if (!effect) reader.complain(map.get('effect', true) ?? map, `"effect" must be one of ${effects.join(', ')}`);
  const when = readCondition(reader, environment, map);
  const steps = readSteps(reader, map);
  if (effect === 'review' && steps.length === 0) reader.complain(map, 'a review needs "approvers" or "steps"');
  if (effect !== 'review' && steps.length > 0) reader.complain(map, `"approvers" only mean something with effect review, not ${effect}`);
  const why = reader.text(map, 'why');
  const reasonPrompt = reader.text(map, 'reason_prompt');
  const reasonPattern = reader.pattern(map, 'reason_pattern');
  const ticketPattern = reader.pattern(map, 'ticket_pattern');
  const maxDurationMs = reader.duration(map, 'max_duration') ?? reader.duration(map, 'ttl');
  const pendingTtlMs = reader.duration(map, 'pending_ttl');
  const unusedTtlMs = reader.duration(map, 'unused_ttl');
  const escalation = readEscalation(reader, map, effect);
  const breakGlass = readBreakGlass(reader, map, effect);
  const maxRows = reader.count(map, 'max_rows', 1, Number.MAX_SAFE_INTEGER);
  const sampleRows = reader.count(map, 'sample', 1, 20);
  if (sampleRows !== undefined && effect !== 'review') reader.complain(map.get('sample', true), '"sample" only means something with effect review: nobody else looks at it');
  const rule = {
    steps,
    reasonRequired: reader.flag(map, 'reason_required') || reasonPattern !== undefined,
    ticketRequired: reader.flag(map, 'ticket_required') || ticketPattern !== undefined,
    maskColumns: readMaskColumns(reader, map),
    line: reader.line(map),
    ...(why === undefined ? {} : { why }),
    ...(reasonPrompt === undefined ? {} : { reasonPrompt }),
    ...(reasonPattern === undefined ? {} : { reasonPattern }),
    ...(ticketPattern === undefined ? {} : { ticketPattern }),
    ...(maxDurationMs === undefined ? {} : { maxDurationMs }),
    ...(pendingTtlMs === undefined ? {} : { pendingTtlMs }),
    ...(unusedTtlMs === undefined ? {} : { unusedTtlMs }),
    ...(escalation === undefined ? {} : { escalation }),
    ...(breakGlass === undefined ? {} : { breakGlass }),
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(sampleRows === undefined ? {} : { sampleRows }),
  };
  return id !== undefined && effect && when && reader.problems.length === before ? { id, effect, when, ...rule } : undefined;
}

function readCondition(reader: YamlReader, environment: Environment, map: YAMLMap): CompiledCondition | undefined {
  const source = reader.text(map, 'when');
  const node = map.get('when', true);
  if (source === undefined) {
    if (node === undefined) reader.complain(map, 'a rule needs "when": a CEL condition');
    return undefined;
  }
  const checked = environment.check(source);
  if (!checked.valid) {
    const error = checked.error as ParseError | undefined;
    reader.complainInside(node, source, error?.range?.start ?? 0, `in "when": ${error?.summary ?? 'not a CEL expression'}`);
    return undefined;
  }
  if (checked.type !== 'bool') {
    reader.complain(node, `"when" must be true or false, but this is ${checked.type ?? 'dynamic'}`);
    return undefined;
  }
  const evaluate = environment.parse(source);
  return {
    source,
    evaluate(context) {
      const value: unknown = evaluate(context);
      if (typeof value !== 'boolean') throw new Error('the condition gave no truth value');
      return value;
    },
  };
}

function readSteps(reader: YamlReader, map: YAMLMap): readonly ApproverStep[] {
  const approvers = reader.texts(map, 'approvers');
  const count = reader.count(map, 'min_approvals', 1, 50);
  const steps = reader.items(map, 'steps').flatMap((item) => {
    const step = reader.map(item, 'a step: {any_of: [roles or groups], count}');
    if (!step) return [];
    reader.onlyKeys(step, ['any_of', 'count']);
    const anyOf = reader.texts(step, 'any_of');
    if (anyOf.length === 0) reader.complain(step, 'a step needs "any_of" with at least one role or group');
    return [{ anyOf, count: reader.count(step, 'count', 1, 50) ?? 1 }];
  });
  if (approvers.length > 0 && steps.length > 0) reader.complain(map, 'give "approvers" or "steps", not both');
  if (approvers.length === 0 && count !== undefined) reader.complain(map.get('min_approvals', true), '"min_approvals" needs "approvers"');
  return approvers.length > 0 ? [{ anyOf: approvers, count: count ?? 1 }] : steps;
}

function readEscalation(reader: YamlReader, map: YAMLMap, effect: Effect | undefined): Escalation | undefined {
  const node = map.get('escalate', true);
  const escalate = node === undefined ? undefined : reader.map(node, '"escalate" with after and to');
  if (!escalate) return undefined;
  reader.onlyKeys(escalate, ['after', 'to']);
  const afterMs = reader.duration(escalate, 'after');
  const to = reader.texts(escalate, 'to');
  if (effect !== 'review') reader.complain(node, '"escalate" only means something with effect review');
  if (afterMs === undefined || to.length === 0) reader.complain(node, '"escalate" needs "after" (a duration) and "to" (roles or groups)');
  return afterMs === undefined ? undefined : { afterMs, to };
}

function readBreakGlass(reader: YamlReader, map: YAMLMap, effect: Effect | undefined): BreakGlass | undefined {
  const node = map.get('break_glass', true);
  const glass = node === undefined ? undefined : reader.map(node, '"break_glass" with who, max_duration and reviewers');
  if (!glass) return undefined;
  reader.onlyKeys(glass, ['who', 'max_duration', 'reviewers']);
  const who = reader.texts(glass, 'who');
  const reviewers = reader.texts(glass, 'reviewers');
  const maxDurationMs = reader.duration(glass, 'max_duration');
  if (effect !== 'review') reader.complain(node, '"break_glass" only means something with effect review');
  if (who.length === 0 || reviewers.length === 0 || maxDurationMs === undefined) reader.complain(node, '"break_glass" needs "who", "max_duration" and "reviewers": somebody must look at it afterwards');
  return maxDurationMs === undefined ? undefined : { who, reviewers, maxDurationMs };
}

function readMaskColumns(reader: YamlReader, map: YAMLMap): 'sensitive' | readonly string[] {
  const node = map.get('mask_columns', true);
  if (node === undefined) return [];
  if (isScalar(node) && node.value === 'sensitive') return 'sensitive';
  if (isSeq(node)) return reader.texts(map, 'mask_columns');
  reader.complain(node, '"mask_columns" must be sensitive or a list of columns');
  return [];
}
