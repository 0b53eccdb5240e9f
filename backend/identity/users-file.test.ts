/** Users files: who is let in, and what is wrong with a bad one, to the line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newUsers } from './new-users.ts';
import { hashMatches, hashToken, newToken } from './tokens.ts';
import { fileAuthenticator, parseUsersFile } from './users-file.ts';

const bad: readonly [string, string, number, RegExp][] = [
  ['not YAML', 'users: [', 1, /./],
  ['no list', 'people: []', 1, /users:/],
  ['not a user', 'users:\n  - dana\n', 2, /expected a user/],
  ['a bad id', 'users:\n  - id: "a b"\n', 2, /"id"/],
  ['a reserved id', 'users:\n  - id: policy\n', 2, /reserved/],
  ['an id twice', 'users:\n  - {id: a}\n  - {id: a}\n', 3, /twice/],
  ['unknown key', 'users:\n  - id: a\n    role: [x]\n', 3, /unknown key "role"/],
  ['a raw token', 'users:\n  - id: a\n    tokens: [pgt_secret]\n', 3, /sha256:/],
  ['roles that are no list', 'users:\n  - id: a\n    roles: x\n', 3, /list of texts/],
  ['an agent without an owner', 'users:\n  - id: a\n    kind: agent\n', 2, /owner/],
  ['an owner who is not there', 'users:\n  - {id: a, kind: agent, owner: b}\n', 2, /owner "b"/],
  ['a bad date', `users:\n  - id: a\n    tokens: [{hash: "sha256:${'0'.repeat(64)}", expires: soon}]\n`, 3, /date/],
];
for (const [name, text, line, message] of bad) {
  test(name, () => {
    const parsed = parseUsersFile(text);
    assert.equal(parsed.ok, false);
    if (parsed.ok) return;
    assert.match(parsed.problems[0]?.message ?? '', message);
    assert.equal(parsed.problems[0]?.line, line);
    assert.ok(!JSON.stringify(parsed.problems).includes('pgt_secret'), 'a token in the wrong place is not repeated');
  });
}

test('tokens: the right one, the wrong one, an expired one', async () => {
  const { yaml, tokens } = newUsers([{ id: 'dana', name: 'Dana', roles: ['developer'] }]);
  const old = newToken();
  const parsed = parseUsersFile(`${yaml}  - id: olga\n    tokens: [{hash: "${old.hash}", expires: 2020-01-01}]\n`);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const authenticator = fileAuthenticator(() => parsed.users, Date.now);
  const good = await authenticator.authenticate(tokens.dana ?? '');
  assert.deepEqual([good.ok, good.ok && good.subject.id, good.ok && 'tokens' in good.subject], [true, 'dana', false]);
  assert.equal((await authenticator.authenticate('pgt_wrong')).ok, false);
  assert.deepEqual(await authenticator.authenticate(old.token), { ok: false, why: 'The token has expired' });
});

test('a token matches its hash only', () => {
  const { token, hash } = newToken();
  assert.equal(hashToken(token), hash);
  assert.ok(hashMatches(hashToken(token), hash.toUpperCase().replace('SHA256', 'sha256')));
  assert.ok(!hashMatches(hashToken(`${token}x`), hash));
  assert.ok(!hashMatches(hashToken(token), 'sha256:short'));
});
