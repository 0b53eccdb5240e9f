/** Heads go to a file, an endpoint and a Git repository, and each of them shows a truncation that the store itself hides. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { auditVerify } from '../cli.ts';
import { sampleRequest, startBackend } from '../testing/sample.ts';
import type { AnchoredHead } from './anchor.ts';
import { parseAnchorTarget } from './external-anchors.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-anchors-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('anchored in three places; a store cut off together with its own anchor is found out by any of them', async () => {
  const received: AnchoredHead[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push(JSON.parse(body) as AnchoredHead);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const repository = join(folder, 'repository');
  execFileSync('git', ['init', '--quiet', repository]);
  const file = join(folder, 'elsewhere.json');
  const dataDir = join(folder, 'data');
  const gate = await startBackend({ dataDir, anchors: [`file:${file}`, `git:${repository}`, `http://127.0.0.1:${(server.address() as AddressInfo).port}/anchor`] });
  await gate.call('dana', 'POST', '/v1/requests', sampleRequest());
  await gate.backend.close();
  server.close();
  const head = JSON.parse(readFileSync(file, 'utf8')) as AnchoredHead;
  assert.deepEqual(received.at(-1), head);
  const lines = readFileSync(join(repository, 'audit-anchors.jsonl'), 'utf8').trim().split('\n');
  assert.deepEqual(JSON.parse(lines.at(-1) ?? ''), head);
  assert.match(execFileSync('git', ['-C', repository, 'log', '--oneline'], { encoding: 'utf8' }), new RegExp(`Anchor the audit trail at ${head.seq}`));

  const verify = async (anchor?: string): Promise<number> => auditVerify({ dataDir, ...(anchor === undefined ? {} : { anchor }) }, { out: () => undefined, err: () => undefined });
  assert.equal(await verify(file), 0);
  const database = new DatabaseSync(join(dataDir, 'gate.db'));
  database.exec(`DELETE FROM audit WHERE seq = ${head.seq}`);
  database.close();
  assert.equal(await verify(file), 1);
});

for (const [text, kind] of [['file:/x', 'file'], ['git:/x', 'git'], ['https://a.example/x', 'webhook'], ['http://localhost:1/x', 'webhook'], ['http://a.example/x', undefined], ['ftp://a.example', undefined], ['file:', undefined]] as const) {
  test(`an anchor target: ${text}`, () => assert.equal(parseAnchorTarget(text)?.kind, kind));
}
