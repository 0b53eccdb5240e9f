/** Replaces `#rules`, which reads YAML from disk, by the same packs parsed at build time. */
import type { Plugin } from 'esbuild';
import { builtinPacks } from '#rules';

export const inlineRulePacks: Plugin = {
  name: 'inline-rule-packs',
  setup(build) {
    build.onResolve({ filter: /^#rules$/ }, () => ({ path: 'rule-packs', namespace: 'rule-packs' }));
    build.onLoad({ filter: /.*/, namespace: 'rule-packs' }, () => {
      // Examples are for tests: leaving them out keeps the bundle small and free of look-alike values.
      const packs = builtinPacks().map((pack) => ({ ...pack, rules: pack.rules.map((rule) => ({ ...rule, examples: { ok: [], ng: [] } })) }));
      // A JSON string parses several times faster than the same object as JavaScript.
      return { contents: `let packs;\nexport function builtinPacks() { return packs ??= JSON.parse(${JSON.stringify(JSON.stringify(packs))}); }`, loader: 'js' };
    });
  },
};
