import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDetector } from '../engine/create.ts';
import { createRe2 } from '../engine/re2.ts';
import { loud } from '../engine/test-detector.ts';
import { parseWorkspacePolicy } from './workspace-policy.ts';

const regex = createRe2();
const parse = (text: string) => parseWorkspacePolicy(text, '.pii-gate.yaml', { regex });

const full = `version: 1
minConfidence: 0.5
rules:
  disable: [us/itin, IP_ADDRESS]
  severity: { EMAIL_ADDRESS: error }
  custom:
    - id: acme/customer
      entity: ACME_CUSTOMER
      regex: 'AC-\\d{6}'
      allow: ['AC-000000']
      names: [customer number]
      mask: { kind: partial, keepEnd: 2 }
    - id: acme/project
      entity: ACME_PROJECT
      words: [Bluebird, Red Kite]
allow:
  - value: support@acme.com
    entity: EMAIL_ADDRESS
    reason: public
  - sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
  - pattern: '.*@acme\\.dev'
exclude: ['*.snap']
masks: { US_SSN: redact, user.contact: token }
sensitive:
  - { table: customers, column: ssn, entity: US_SSN }
connections: { Shop: production }
`;

test('reads a whole policy', () => {
  const { policy, problems } = parse(full);
  assert.deepEqual(problems, []);
  assert.equal(policy.minConfidence, 0.5);
  assert.deepEqual([...policy.disabledRules], ['us/itin']);
  assert.deepEqual([...policy.disabledEntities], ['IP_ADDRESS']);
  assert.equal(policy.severity.get('EMAIL_ADDRESS'), 'error');
  assert.equal(policy.allowed('support@acme.com', 'EMAIL_ADDRESS'), true);
  assert.equal(policy.allowed('support@acme.com', 'US_SSN'), false);
  assert.equal(policy.allowed('hello', 'X'), true);
  assert.equal(policy.allowed('hallo', 'X'), false);
  assert.equal(policy.allowed('x@acme.dev', 'EMAIL_ADDRESS'), true);
  assert.equal(policy.allowed('x@acme.dev.org', 'EMAIL_ADDRESS'), false);
  assert.equal(policy.allowed('AC-000000', 'ACME_CUSTOMER'), true);
  assert.deepEqual(policy.maskFor('EMAIL_ADDRESS', 'user.contact.email'), { kind: 'token' });
  assert.deepEqual(policy.maskFor('US_SSN', 'user.government_id'), { kind: 'redact' });
  assert.equal(policy.maskFor('PERSON', 'user.name'), undefined);
  assert.equal(policy.connections.get('Shop'), 'production');
  assert.equal(policy.sensitive[0]?.column, 'ssn');
});

test('custom rules find', () => {
  const { policy } = parse(full);
  const detector = createDetector([policy.custom!], regex);
  assert.deepEqual(loud(detector, 'about AC-123456 and Red Kite, not xAC-123456', { allowed: policy.allowed }), ['ACME_CUSTOMER:AC-123456', 'ACME_PROJECT:Red Kite']);
});

const wrong: readonly { readonly text: string; readonly line: number; readonly column: number; readonly says: RegExp }[] = [
  { text: 'rules:\n  disable: us/ssn\n', line: 2, column: 12, says: /`rules.disable` must be a list, but is text/ },
  { text: 'version: 2\n', line: 1, column: 10, says: /must be 1/ },
  { text: 'alow: []\n', line: 1, column: 1, says: /`alow` is not known here.*did you mean allow/ },
  { text: 'connections:\n  Shop: prodction\n', line: 2, column: 9, says: /one of development, staging, production, critical; did you mean production/ },
  { text: 'rules:\n  custom:\n    - id: a/b\n      entity: A\n      regex: "(?=x)"\n', line: 5, column: 14, says: /not RE2 syntax/ },
  { text: 'rules:\n  custom:\n    - id: a/b\n      entity: A\n      words: [x]\n      validator: nope\n', line: 6, column: 18, says: /no check named `nope`/ },
  { text: 'rules:\n  custom:\n    - id: a/b\n', line: 3, column: 7, says: /lacks `entity`/ },
  { text: 'allow:\n  - reason: why\n', line: 2, column: 5, says: /needs `value`, `sha256` or `pattern`/ },
  { text: 'a: [1\n', line: 2, column: 1, says: /not YAML/ },
  { text: '- 1\n', line: 1, column: 1, says: /the document must be a mapping/ },
];
for (const { text, line, column, says } of wrong) {
  test(`says what is wrong with ${JSON.stringify(text)}`, () => {
    const [problem] = parse(text).problems;
    assert.match(problem?.message ?? '', says);
    assert.deepEqual([problem?.line, problem?.column], [line, column]);
  });
}

test('an empty file is an empty policy', () => {
  for (const text of ['', '\n', '# nothing\n']) assert.deepEqual(parse(text).problems, [], JSON.stringify(text));
});

test('a part that is wrong is left out, never half-used', () => {
  const { policy, problems } = parse('allow:\n  - value: [1]\n  - value: a@b.com\n');
  assert.equal(problems.length, 1);
  assert.equal(policy.allowed('a@b.com', 'EMAIL_ADDRESS'), false);
});

test('never throws', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.constantFrom('rules:', '\n', '  ', '- ', 'a: ', '*x', '&x ', '[', '{', '"', 'allow:', 'custom:', '!!js ')).map((parts) => parts.join(''))), (text) => {
    const { policy, problems } = parse(text);
    policy.allowed('x', 'Y');
    for (const problem of problems) assert.ok(problem.line >= 1 && problem.column >= 1);
  }), { numRuns: 300 });
});
