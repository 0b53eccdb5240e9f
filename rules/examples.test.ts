/** Every rule's own examples, run through the real detector with all packs loaded: `ok` is found at warning or information level, `ng` is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import type { RuleExample } from '#core/rules/rule.ts';
import { builtinPacks } from './index.ts';

const packs = builtinPacks();
const detector = createDetector(packs, createRe2());

test('no shipped rule is skipped', () => {
  assert.deepEqual(detector.limits, []);
});

for (const pack of packs) {
  test(`${pack.source}: examples`, () => {
    const wrong: string[] = [];
    for (const rule of pack.rules) {
      for (const example of rule.examples.ok) if (!isFound(rule.entity, example)) wrong.push(`${rule.id} misses: ${JSON.stringify(example)}`);
      for (const example of rule.examples.ng) if (isFound(rule.entity, example)) wrong.push(`${rule.id} finds: ${JSON.stringify(example)}`);
    }
    assert.deepEqual(wrong, []);
  });
}

function isFound(entity: string, example: RuleExample): boolean {
  const { text, ...kind } = typeof example === 'string' ? { text: example } : example;
  return detector.scan(text, kind).findings.some((finding) => finding.entity === entity && finding.severity !== 'hint');
}
