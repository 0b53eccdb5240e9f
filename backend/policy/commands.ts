/** `pii-gate policy check | test | explain`. Exit codes: 0 good, 1 a problem or a failed case, 2 a file can't be read. */
import { readFileSync } from 'node:fs';
import { parseCases, runCase, type CaseOutcome } from './cases.ts';
import { parsePolicy } from './parse.ts';
import type { Policy } from './policy.ts';

export interface Io { out(line: string): void; err(line: string): void }

function read(file: string, io: Io): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    io.err(`${file}: can't be read`);
    return undefined;
  }
}

function load(file: string, io: Io): Policy | 1 | 2 {
  const text = read(file, io);
  if (text === undefined) return 2;
  const parsed = parsePolicy(text, file);
  if (parsed.ok) return parsed.policy;
  for (const { line, column, message } of parsed.problems) io.err(`${file}:${line}:${column}: ${message}`);
  return 1;
}

export function policyCheck(file: string, io: Io): number {
  const policy = load(file, io);
  if (typeof policy === 'number') return policy;
  io.out(`${file}: good, ${policy.rules.length} rules, version ${policy.version}`);
  return 0;
}

function outcomes(policyFile: string, caseFile: string, io: Io): readonly CaseOutcome[] | 1 | 2 {
  const policy = load(policyFile, io);
  if (typeof policy === 'number') return policy;
  const text = read(caseFile, io);
  if (text === undefined) return 2;
  const parsed = parseCases(text);
  if (parsed.ok) return parsed.cases.map((each) => runCase(policy, each));
  for (const { line, column, message } of parsed.problems) io.err(`${caseFile}:${line}:${column}: ${message}`);
  return 1;
}

export function policyTest(policyFile: string, caseFile: string, io: Io): number {
  const results = outcomes(policyFile, caseFile, io);
  if (typeof results === 'number') return results;
  const failed = results.filter(({ differences }) => differences.length > 0);
  for (const { case: one, differences } of failed) {
    io.err(`${caseFile}:${one.line}: ${one.name}`);
    for (const difference of differences) io.err(`  ${difference}`);
  }
  io.out(`${results.length - failed.length} of ${results.length} cases as expected`);
  return failed.length > 0 ? 1 : 0;
}

/** @param only name of one case; all when absent */
export function policyExplain(policyFile: string, caseFile: string, only: string | undefined, io: Io): number {
  const results = outcomes(policyFile, caseFile, io);
  if (typeof results === 'number') return results;
  const shown = only === undefined ? results : results.filter((result) => result.case.name === only);
  if (shown.length === 0) {
    io.err(`${caseFile}: there is no case "${only ?? ''}"`);
    return 2;
  }
  for (const { case: one, judgement } of shown) {
    const { verdict, trace } = judgement;
    io.out(`${one.name}: ${verdict.effect}${verdict.approvers.map((step) => `, ${step.count} × ${step.anyOf.join(' or ')}`).join(' then')}`);
    io.out(`  ${verdict.why}`);
    for (const rule of trace) {
      const mark = rule.error !== undefined ? '!' : rule.fired ? '●' : '○';
      io.out(`  ${mark} ${rule.id} (${policyFile}:${rule.line}, ${rule.effect}): ${rule.when.replace(/\s+/g, ' ').trim()}${rule.error === undefined ? '' : `: ${rule.error}`}`);
    }
    if (verdict.maxRows !== undefined) io.out(`  at most ${verdict.maxRows} rows`);
    if (verdict.maxDurationMs !== undefined) io.out(`  for at most ${verdict.maxDurationMs / 60_000} minutes`);
    if (verdict.maskColumns.length > 0) io.out(`  masked: ${verdict.maskColumns.map(({ table, column }) => `${table}.${column}`).join(', ')}`);
  }
  return 0;
}
