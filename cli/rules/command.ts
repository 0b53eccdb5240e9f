/** `pii-gate rules test`: the rules of a workspace policy, of rule packs, or the shipped ones. */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { parseWorkspacePolicy } from '#core/policy/workspace-policy.ts';
import { loadRulePack } from '#core/rules/load.ts';
import type { Rule, RulePack } from '#core/rules/rule.ts';
import { builtinPacks } from '#rules';
import { exit, UserError } from '../exit.ts';
import type { Terminal } from '../scan/command.ts';
import { reasonOf } from '#files/walk.ts';
import { testRule } from './test-rules.ts';

export interface RulesRequest {
  /** Policies (`.pii-gate.yaml`) and rule packs. */
  readonly files: readonly string[];
  readonly builtin: boolean;
}

interface Problem { readonly line: number; readonly column: number; readonly message: string }

export async function testRules(request: RulesRequest, terminal: Terminal): Promise<number> {
  const regex = createRe2();
  const shipped = builtinPacks();
  const extra: RulePack[] = [];
  const subjects: Rule[] = request.builtin ? shipped.flatMap(({ rules }) => rules) : [];
  let broken = 0;
  for (const file of request.files) {
    const text = read(resolve(terminal.cwd, file), file);
    const isPack = !basename(file).startsWith('.pii-gate');
    const { pack, problems } = isPack ? loadRulePack(text, file, { regex }) : policyPack(text, file, regex);
    for (const { line, column, message } of problems) await terminal.err.write(`${file}:${line}:${column}: ${message}\n`);
    broken += problems.length;
    if (pack === undefined) continue;
    extra.push(pack);
    subjects.push(...pack.rules);
  }
  const detector = createDetector([...shipped, ...extra], regex);
  for (const limit of detector.limits) {
    if (limit.kind !== 'rule-skipped') continue;
    await terminal.err.write(`pii-gate: ${limit.ruleId} is not used: ${limit.why}\n`);
    broken++;
  }
  let failed = 0;
  let examples = 0;
  for (const rule of subjects) {
    const outcome = testRule(rule, detector);
    examples += outcome.examples;
    if (outcome.failures.length > 0) failed++;
    for (const failure of outcome.failures) await terminal.out.write(`${rule.id}: ${failure}\n`);
    if (outcome.examples === 0 && !request.builtin) await terminal.out.write(`${rule.id}: has no examples\n`);
  }
  await terminal.out.write(`${subjects.length - failed} of ${subjects.length} rules pass their ${examples} examples.\n`);
  return broken > 0 ? exit.error : failed > 0 ? exit.findings : exit.clean;
}

function policyPack(text: string, file: string, regex: ReturnType<typeof createRe2>): { pack?: RulePack; problems: readonly Problem[] } {
  const { policy, problems } = parseWorkspacePolicy(text, file, { regex });
  return { ...(policy.custom === undefined ? {} : { pack: policy.custom }), problems };
}

function read(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${shown} ${reasonOf(error)}.`);
  }
}
