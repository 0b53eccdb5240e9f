/** Exports on a real trail: each format's shape, escaping, a real TCP and TLS collector; retention and rotation leave it verifiable; receipts hold. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { auditExport, auditPrune, auditRotateKey, auditVerify, receiptVerify } from '../cli.ts';
import { sampleRequest, startBackend } from '../testing/sample.ts';
import { toCef } from './formats/cef.ts';
import type { AuditRecord } from './record.ts';

let folder: string;
let dataDir: string;
let receipt: string;
let now = Date.UTC(2026, 0, 1);
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-exports-'));
  dataDir = join(folder, 'data');
  const gate = await startBackend({ dataDir, now: () => now });
  const { body } = await gate.call('dana', 'POST', '/v1/requests', sampleRequest({ environment: 'staging', changes: { reason: 'a | b = c \\ d\nnext line' } }));
  const jti = JSON.parse(Buffer.from(body.grant?.split('.')[1] ?? '', 'base64url').toString()).jti as string;
  receipt = (await gate.call<{ receipt: string }>('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: 'nonce-0001', digest: body.binding.digest, capability: 'run' })).body.receipt;
  await gate.call('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: 'nonce-0002', digest: body.binding.digest, capability: 'run' });
  now += 86_400_000;
  await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  writeFileSync(join(folder, 'jwks.json'), JSON.stringify((await gate.call(undefined, 'GET', '/v1/keys')).body));
  await gate.backend.close();
});
after(() => rmSync(folder, { recursive: true, force: true }));

function io() {
  const lines: string[] = [];
  return { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line), lines };
}
async function exported(format: string): Promise<string[]> {
  const log = io();
  assert.equal(await auditExport({ dataDir, format }, log), 0, log.lines.join('\n'));
  return log.lines;
}
const verify = async (options: object = {}): Promise<[number, string]> => {
  const log = io();
  return [await auditVerify({ dataDir, ...options }, log), log.lines.join('\n')];
};

test('JSON lines are the trail itself: the export verifies by itself', async () => {
  const file = join(folder, 'trail.jsonl');
  const log = io();
  assert.equal(await auditExport({ dataDir, format: 'jsonl', output: file }, log), 0);
  assert.deepEqual(await verify({ file }).then(([code]) => code), 0);
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [...lines.slice(0, 2), ...lines.slice(3)].join('\n'));
  assert.match((await verify({ file }))[1], /NOT intact/);
});

const json: readonly [string, (event: Record<string, never>) => readonly unknown[], readonly unknown[]][] = [
  ['ocsf', (e: Record<string, unknown>) => [e.class_uid, e.type_uid, (e.metadata as { version: string }).version, typeof (e.unmapped as { chain: { sig: string } }).chain.sig], [6005, 600504, '1.5.0', 'string']],
  ['ecs', (e: Record<string, unknown>) => [(e.event as { action: string }).action, (e.event as { category: string[] }).category, (e.user as { id: string }).id], ['grant.consumed', ['database'], 'dana']],
  ['otel', (e: Record<string, unknown>) => {
    const [log] = (e.resourceLogs as { scopeLogs: { logRecords: { timeUnixNano: string; attributes: { key: string }[] }[] }[] }[])[0]?.scopeLogs[0]?.logRecords ?? [];
    return [log?.timeUnixNano, log?.attributes.map(({ key }) => key).includes('pii_gate.chain.sig')];
  }, [`${Date.UTC(2026, 0, 1)}000000`, true]],
];
for (const [format, pick, wanted] of json) {
  test(`a use of data as ${format}`, async () => {
    const line = (await exported(format)).find((each) => each.includes('grant.consumed'));
    assert.deepEqual(pick(JSON.parse(line ?? '{}') as Record<string, never>), wanted);
  });
}

test('CEF: an RFC 5424 frame in which no value can make up a field', async () => {
  const created = (await exported('cef')).find((line) => line.includes('act=request.created'));
  assert.match(created ?? '', /^<110>1 2026-01-01T00:00:00\.000Z [\x21-\x7e]+ pii-gate - audit - \ufeffCEF:0\|PII Gate\|PII Gate\|1\|request\.created\|request created\|2\|/);
  const hostile = { v: 1, seq: 1, prev: 'p', kid: 'k', hash: 'h', sig: 's', at: 0, type: 'request.created', actor: { id: 'eve|act=x\nCEF:0|evil', kind: 'person' }, data: {} } as AuditRecord;
  const line = toCef(hostile, 'host name\n');
  assert.ok(!line.includes('\n'));
  assert.match(line, /suser=eve\|act\\=x\\nCEF:0\|evil/);
  assert.match(line, / host-name- pii-gate /);
});

async function collect(server: Server, scheme: 'tcp' | 'tls', ca?: string): Promise<string[]> {
  const received: Buffer[] = [];
  server.on(scheme === 'tls' ? 'secureConnection' : 'connection', (socket) => {
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const log = io();
  const code = await auditExport({ dataDir, format: 'cef', syslog: `${scheme}://localhost:${(server.address() as AddressInfo).port}`, ...(ca === undefined ? {} : { ca }) }, log);
  server.close();
  assert.equal(code, 0, log.lines.join('\n'));
  let rest = Buffer.concat(received);
  const messages: string[] = [];
  while (rest.length > 0) {
    const space = rest.indexOf(' ');
    const length = Number(rest.subarray(0, space).toString());
    messages.push(rest.subarray(space + 1, space + 1 + length).toString());
    rest = rest.subarray(space + 1 + length);
  }
  return messages;
}

test('a collector by TCP gets every record, counted in octets', async () => {
  assert.deepEqual(await collect(createTcp(), 'tcp'), await exported('cef'));
});

test('a collector by TLS gets the same; one whose certificate is not trusted gets nothing', async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
  const make = () => createTls({ key: readFileSync(key), cert: readFileSync(cert) });
  assert.deepEqual(await collect(make(), 'tls', readFileSync(cert, 'utf8')), await exported('cef'));
  const server = make();
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const log = io();
  assert.equal(await auditExport({ dataDir, format: 'cef', syslog: `tls://localhost:${(server.address() as AddressInfo).port}` }, log), 2);
  server.close();
});

test('a receipt holds offline, against keys and trail; a forged one and a rewritten trail do not', async () => {
  const file = join(folder, 'receipt.jws');
  const trail = join(folder, 'receipt-trail.jsonl');
  writeFileSync(file, receipt);
  writeFileSync(trail, (await exported('jsonl')).join('\n'));
  const run = async (options: object = {}): Promise<[number, string]> => {
    const log = io();
    return [await receiptVerify({ file, keys: join(folder, 'jwks.json'), ...options }, log), log.lines.join('\n')];
  };
  const good = await run({ trail });
  assert.equal(good[0], 0, good[1]);
  assert.match(good[1], /receipt holds: .* use 1 of grant .* to run[\s\S]*the trail holds the use as record \d+/);
  writeFileSync(trail, (await exported('jsonl')).map((line) => line.replace(/"hash":"[^"]{4}/, '"hash":"AAAA')).join('\n'));
  assert.match((await run({ trail }))[1], /rewritten/);
  const [head, body, signature] = receipt.split('.');
  writeFileSync(file, `${head}.${Buffer.from(Buffer.from(body ?? '', 'base64url').toString().replace('"use":1', '"use":2')).toString('base64url')}.${signature}`);
  assert.deepEqual((await run())[0], 1);
  writeFileSync(file, `${Buffer.from('{"alg":"none","typ":"pii-gate-receipt+jwt"}').toString('base64url')}.${body}.`);
  assert.deepEqual((await run())[0], 1);
});

test('a new key, introduced by the old one, and old records moved to an archive: both parts verify', async () => {
  const log = io();
  assert.equal(await auditRotateKey({ dataDir, now: () => now }, log), 0, log.lines.join('\n'));
  const again = await startBackend({ dataDir, now: () => now });
  await again.call('dana', 'POST', '/v1/requests', sampleRequest());
  await again.backend.close();
  assert.equal((await verify())[0], 0, (await verify())[1]);
  const archive = join(folder, 'archive.jsonl');
  assert.equal(await auditPrune({ dataDir, before: Date.UTC(2026, 0, 1, 12), archive, now: () => now }, log), 0, log.lines.join('\n'));
  const pruned = await startBackend({ dataDir, now: () => now });
  await pruned.backend.close();
  const [code, text] = await verify();
  assert.equal(code, 0, text);
  assert.equal((await verify({ file: archive }))[0], 0);
  const first = JSON.parse((await exported('jsonl'))[0] ?? '{}') as { seq: number };
  assert.ok(first.seq > 1);
  writeFileSync(join(dataDir, 'audit.start.json'), readFileSync(join(dataDir, 'audit.start.json'), 'utf8').replace(/"seq":\d+/, '"seq":2'));
  assert.match((await verify())[1], /does not hold/);
});
