/** What is signed here verifies with a library that is not ours, and nothing else does. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { compactVerify, importJWK, jwtVerify } from 'jose';
import type { GrantClaims } from '#core/wire/approval.ts';
import { signingKey } from '../keys/key-files.ts';
import { sampleRequest } from '../testing/sample.ts';
import { createGrantSigner } from './signer.ts';

const claims: GrantClaims = {
  iss: 'urn:x', aud: 'pii-gate-editor', sub: 'dana ☃', jti: 'j', iat: 1, nbf: 1, exp: 4_000_000_000, req: 'r',
  binding: sampleRequest().binding, scope: sampleRequest().scope, constraints: {}, policyVersion: 'v',
};

test('a grant verifies with jose by the published key, and is the same each time', async () => {
  const key = await signingKey(generateKeyPairSync('ed25519').privateKey);
  const signer = createGrantSigner(key);
  const jws = signer.grant(claims);
  const { payload, protectedHeader } = await jwtVerify(jws, await importJWK(key.publicJwk, 'EdDSA'), { algorithms: ['EdDSA'], typ: 'pii-gate-grant+jwt', audience: 'pii-gate-editor', issuer: 'urn:x' });
  assert.deepEqual(payload, { ...claims });
  assert.deepEqual(protectedHeader, { alg: 'EdDSA', typ: 'pii-gate-grant+jwt', kid: key.kid });
  assert.equal(signer.grant(claims), jws);
});

test('an edit, or another key, does not verify', async () => {
  const key = await signingKey(generateKeyPairSync('ed25519').privateKey);
  const other = await signingKey(generateKeyPairSync('ed25519').privateKey);
  const [head, , signature] = createGrantSigner(key).grant(claims).split('.');
  const edited = `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'sam' })).toString('base64url')}.${signature}`;
  await assert.rejects(compactVerify(edited, key.publicKey));
  await assert.rejects(compactVerify(createGrantSigner(other).grant(claims), key.publicKey));
});
