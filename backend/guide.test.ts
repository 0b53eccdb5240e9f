/** The examples of docs/backend.md are read by the code that they are examples for. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseBrokerConnections } from './broker/connections.ts';
import { parseOidcSettings } from './identity/oidc-settings.ts';
import { parseUsersFile } from './identity/users-file.ts';
import { parseCases, runCase } from './policy/cases.ts';
import { parsePolicy } from './policy/parse.ts';

const guide = readFileSync(join(import.meta.dirname, '..', 'docs', 'backend.md'), 'utf8');
const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
function block(start: RegExp): string {
  const found = blocks.filter((text) => start.test(text));
  assert.equal(found.length, 1, `${start} in docs/backend.md`);
  return found[0] ?? '';
}

test('the policy is good and its cases come out as they say', () => {
  const policy = parsePolicy(block(/^version: 1/), 'docs/backend.md');
  assert.deepEqual(policy.ok ? [] : policy.problems, []);
  const cases = parseCases(block(/^# cases\.yaml/));
  assert.ok(policy.ok && cases.ok);
  assert.deepEqual(cases.cases.map((each) => runCase(policy.policy, each).differences), cases.cases.map(() => []));
});
test('the users file', () => {
  const text = block(/^# users\.yaml/).replaceAll('sha256:…', `sha256:${'0'.repeat(64)}`).replace('delegate: stella', 'delegate: dana');
  const users = parseUsersFile(text);
  assert.deepEqual(users.ok ? [] : users.problems, []);
});
test('the OpenID Connect settings', () => {
  const settings = parseOidcSettings(block(/^issuer:/), { OIDC_SECRET: 'x' });
  assert.deepEqual(settings.ok ? [] : settings.problems, []);
});
test('the broker\'s connections', () => {
  const connections = parseBrokerConnections(block(/^connections:/), 'broker.yaml');
  assert.deepEqual(connections.ok ? [] : connections.problems, []);
});
