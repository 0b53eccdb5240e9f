import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createRe2 } from '../engine/re2.ts';
import { loadRulePack } from './load.ts';

const regex = createRe2();
const load = (text: string) => loadRulePack(text, 'x.yaml', { regex });
const rule = (extra: string) => `scope: x
rules:
  - id: x/a
    entity: A
    title: a
    category: user.name
    regulations: []
    severity: warning
    patterns: [{ name: p, regex: 'A\\d{3}', score: 0.5 }]
    mask: { kind: redact }
    examples: { ok: [], ng: [] }
${extra}`;

test('the shipped packs load without a problem', () => {
  const folder = new URL('../../rules/', import.meta.url);
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
    const { pack, problems } = loadRulePack(readFileSync(new URL(name, folder), 'utf8'), name, { regex });
    assert.deepEqual(problems, [], name);
    assert.ok(pack && pack.rules.length > 0, name);
  }
});

const wrong: readonly { readonly text: string; readonly line: number; readonly says: RegExp }[] = [
  { text: 'rules: []', line: 1, says: /lacks `scope`/ },
  { text: rule('    validator: nope\n'), line: 12, says: /no validator named `nope`/ },
  { text: rule('    severty: x\n'), line: 12, says: /`severty` is not known here.*did you mean severity/ },
  { text: rule('').replace("'A\\d{3}'", "'A(?!b)'"), line: 9, says: /not RE2 syntax/ },
  { text: rule('').replace('score: 0.5', 'score: 5'), line: 9, says: /must be at most 1/ },
  { text: rule('').replace('x/a', 'y/a'), line: 3, says: /must begin with the pack's scope: `x\/`/ },
  { text: rule('').replace('severity: warning', 'severity: warn'), line: 8, says: /must be one of error, warning/ },
];
for (const { text, line, says } of wrong) {
  test(`says what is wrong: ${says.source}`, () => {
    const { pack, problems } = load(text);
    assert.equal(pack, undefined);
    assert.match(problems[0]?.message ?? '', says);
    assert.equal(problems[0]?.line, line);
    assert.equal(problems[0]?.source, 'x.yaml');
  });
}
