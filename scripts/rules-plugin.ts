/** Replaces `#rules`, which reads YAML from disk, by the same packs parsed at build time. */
import type { Plugin } from 'esbuild';
import { gainsOfExamples } from '#core/engine/calibrate.ts';
import { compileRules } from '#core/engine/compile.ts';
import { createRe2 } from '#core/engine/re2.ts';
import type { RulePack, RulePattern } from '#core/rules/rule.ts';
import { validators } from '#core/validators/index.ts';
import { builtinPacks } from '#rules';

export const inlineRulePacks: Plugin = {
  name: 'inline-rule-packs',
  setup(build) {
    build.onResolve({ filter: /^#rules$/ }, () => ({ path: 'rule-packs', namespace: 'rule-packs' }));
    build.onLoad({ filter: /.*/, namespace: 'rule-packs' }, () => {
      const written = builtinPacks();
      const gains = gainsOf(written);
      // Examples are for tests: leaving them out keeps the bundle small and free of look-alike values. What the engine learns from them goes along.
      const packs = written.map((pack) => ({
        ...pack,
        rules: pack.rules.map((rule) => ({ ...rule, patterns: rule.patterns.map((pattern) => ({ ...pattern, gain: gains.get(pattern) })), examples: { ok: [], ng: [] } })),
      }));
      // A JSON string parses several times faster than the same object as JavaScript.
      return { contents: `let packs;\nexport function builtinPacks() { return packs ??= JSON.parse(${JSON.stringify(JSON.stringify(packs))}); }`, loader: 'js' };
    });
  },
};

/** How much a pass of its validator is worth, by pattern. */
function gainsOf(packs: readonly RulePack[]): ReadonlyMap<RulePattern, number> {
  const compiled = compileRules(packs, createRe2(), validators);
  const gains = gainsOfExamples(compiled);
  return new Map(compiled.patterns.map(({ pattern }, index) => [pattern, Math.round(gains[index]! * 1000) / 1000]));
}
