/** Runs the examples of rules through the real detector: `ok` must be found at information level or above, `ng` must not. */
import type { Detector } from '#core/engine/detector.ts';
import type { Rule, RuleExample } from '#core/rules/rule.ts';

export interface RuleOutcome {
  readonly ruleId: string;
  readonly examples: number;
  /** "ok example 2 is not found": the example's text stays out, it may be personal. */
  readonly failures: readonly string[];
}

export function testRule(rule: Rule, detector: Detector): RuleOutcome {
  const failures: string[] = [];
  for (const [index, example] of rule.examples.ok.entries()) if (!isFound(rule.entity, example, detector)) failures.push(`ok example ${index + 1} is not found as ${rule.entity}`);
  for (const [index, example] of rule.examples.ng.entries()) if (isFound(rule.entity, example, detector)) failures.push(`ng example ${index + 1} is found as ${rule.entity}`);
  return { ruleId: rule.id, examples: rule.examples.ok.length + rule.examples.ng.length, failures };
}

function isFound(entity: string, example: RuleExample, detector: Detector): boolean {
  const { text, ...kind } = typeof example === 'string' ? { text: example } : example;
  return detector.scan(text, kind).findings.some((finding) => finding.entity === entity && finding.severity !== 'hint');
}
