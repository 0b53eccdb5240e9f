/** Tampering with a real trail, each way there is, and what verification says. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { before, test } from 'node:test';
import { signingKey, type SigningKey } from '../keys/key-files.ts';
import { anchorOf, type AnchoredHead } from './anchor.ts';
import { chain, genesis, type AuditHead, type AuditRecord } from './record.ts';
import { verifyAudit, type AuditFault, type VerifyOptions } from './verify.ts';

let key: SigningKey;
let other: SigningKey;
let trail: AuditRecord[];
let anchor: AnchoredHead;

before(async () => {
  key = await signingKey(generateKeyPairSync('ed25519').privateKey);
  other = await signingKey(generateKeyPairSync('ed25519').privateKey);
  trail = makeTrail(key, 20);
  anchor = anchorOf(last(trail), key, 1);
});

function makeTrail(by: SigningKey, length: number, from: AuditHead = genesis): AuditRecord[] {
  const records: AuditRecord[] = [];
  let head = from;
  for (let index = 0; index < length; index += 1) {
    const record = chain(head, { at: index, type: 'request.created', actor: { id: 'dana', kind: 'person' }, request: `r${index}`, data: { rows: index } }, by);
    records.push(record);
    head = record;
  }
  return records;
}
function last(records: readonly AuditRecord[]): AuditRecord {
  const record = records.at(-1);
  assert.ok(record);
  return record;
}
async function* each(records: readonly AuditRecord[]): AsyncGenerator<AuditRecord> {
  yield* records;
}
async function faultOf(records: readonly AuditRecord[], options: Partial<VerifyOptions> = {}): Promise<AuditFault | undefined> {
  const report = await verifyAudit(each(records), { trusted: new Map([[key.kid, key.publicKey]]), anchor, ...options });
  assert.equal(report.ok, report.failure === undefined);
  return report.failure?.fault;
}
const changed = (index: number, change: Partial<AuditRecord>): AuditRecord[] => trail.map((record, at) => (at === index ? { ...record, ...change } : record));

test('an honest trail verifies', async () => assert.equal(await faultOf(trail), undefined));
test('an anchor that lags behind is fine', async () => assert.equal(await faultOf([...trail, ...makeTrail(key, 3, last(trail))]), undefined));
test('an edit', async () => assert.equal(await faultOf(changed(7, { data: { rows: 8 } })), 'edited'));
test('an edit with its hash made anew', async () => {
  const forged = chain({ seq: 7, hash: trail[6]?.hash ?? '' }, { at: 7, type: 'request.created', actor: { id: 'sam', kind: 'person' }, data: {} }, other);
  assert.equal(await faultOf(changed(7, { ...forged, kid: key.kid })), 'edited');
  assert.equal(await faultOf(trail.map((record, at) => (at === 7 ? forged : record))), 'unknown-key');
});
test('a signature of other bytes', async () => assert.equal(await faultOf(changed(7, { sig: trail[8]?.sig ?? '' })), 'bad-signature'));
test('an added field', async () => assert.equal(await faultOf(trail.map((record, at) => (at === 3 ? ({ ...record, note: 'x' } as AuditRecord) : record))), 'edited'));
test('two records exchanged', async () => {
  const swapped = [...trail];
  [swapped[4], swapped[5]] = [trail[5] as AuditRecord, trail[4] as AuditRecord];
  assert.equal(await faultOf(swapped), 'gap');
});
test('two records exchanged and renumbered', async () => {
  const swapped = [...trail];
  [swapped[4], swapped[5]] = [{ ...(trail[5] as AuditRecord), seq: 5 }, { ...(trail[4] as AuditRecord), seq: 6 }];
  assert.equal(await faultOf(swapped), 'broken-link');
});
test('one deleted from the middle', async () => assert.equal(await faultOf(trail.filter((_, at) => at !== 9)), 'gap'));
test('the oldest deleted', async () => assert.equal(await faultOf(trail.slice(1)), 'gap'));
test('the newest deleted', async () => assert.equal(await faultOf(trail.slice(0, -1)), 'truncated'));
test('all deleted', async () => assert.equal(await faultOf([]), 'truncated'));
test('no anchor is said, not passed over', async () => {
  const { anchor: _, ...without } = { anchor, trusted: new Map([[key.kid, key.publicKey]]) };
  assert.equal((await verifyAudit(each(trail), without)).failure?.fault, 'no-anchor');
  assert.equal((await verifyAudit(each(trail), { ...without, allowMissingAnchor: true })).ok, true);
});
test('a forged anchor', async () => assert.equal(await faultOf(trail.slice(0, 5), { anchor: { ...anchor, seq: 5, hash: trail[4]?.hash ?? '' } }), 'anchor-forged'));
test('everything rewritten with another key', async () => {
  const rewritten = makeTrail(other, 20);
  assert.equal(await faultOf(rewritten), 'unknown-key');
  assert.equal(await faultOf(rewritten, { anchor: anchorOf(last(rewritten), other, 1) }), 'unknown-key');
});
test('everything rewritten with the right key differs from the anchor', async () => {
  const rewritten = makeTrail(key, 20, { seq: 0, hash: genesis.hash }).map((record) => record);
  const edited: AuditRecord[] = [];
  let head: AuditHead = genesis;
  for (const record of rewritten) {
    const next = chain(head, { at: record.at + 1, type: record.type, actor: record.actor, data: record.data }, key);
    edited.push(next);
    head = next;
  }
  assert.equal(await faultOf(edited), 'anchor-mismatch');
});
test('a rotated key is trusted when the old one introduces it, and only then', async () => {
  const introduced = chain(last(trail), { at: 20, type: 'key.rotated', actor: { id: 'system', kind: 'system' }, data: { kid: other.kid, x: String(other.publicJwk.x) } }, key);
  const rotated = [...trail, introduced, ...makeTrail(other, 3, introduced)];
  assert.equal(await faultOf(rotated), undefined);
  assert.equal(await faultOf([...trail, ...makeTrail(other, 3, last(trail))]), 'unknown-key');
  const self = chain(last(trail), { at: 20, type: 'key.rotated', actor: { id: 'system', kind: 'system' }, data: { kid: other.kid, x: String(other.publicJwk.x) } }, other);
  assert.equal(await faultOf([...trail, self]), 'unknown-key');
});
test('sparse signature checks still find a foreign signature at the end and an edit anywhere', async () => {
  assert.equal(await faultOf(trail, { everySignatureUpTo: 1 }), undefined);
  assert.equal(await faultOf(changed(19, { sig: trail[8]?.sig ?? '' }), { everySignatureUpTo: 1 }), 'bad-signature');
  assert.equal(await faultOf(changed(2, { at: 99 }), { everySignatureUpTo: 1 }), 'edited');
});
