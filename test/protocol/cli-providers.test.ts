import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PresidioServer } from './presidio-server.ts';
import { writeTinyModel } from './tiny-model.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const runtime = fileURLToPath(new URL('../../node_modules/onnxruntime-web', import.meta.url));
const text = '😀 The parcel went to qwentil marvow in velbert.\nMail jane.doe@acme-shop.com.\n';

interface Ran { readonly code: number | null; readonly out: string; readonly err: string }

function pii(args: readonly string[], input = '', cwd?: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], cwd === undefined ? {} : { cwd });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

interface Report { readonly findings: readonly { readonly path: string; readonly entity: string; readonly line: number; readonly column: number }[]; readonly limits: readonly { readonly kind: string; readonly why: string }[] }
const found = (out: string): string[] => (JSON.parse(out) as Report).findings.map(({ entity, line, column }) => `${entity} ${line}:${column}`);

suite('providers on the command line', () => {
  let presidio: PresidioServer;
  let folder: string;
  before(async () => {
    presidio = await PresidioServer.start(['qwentil marvow']);
    folder = mkdtempSync(join(tmpdir(), 'pii-gate-providers-'));
    for (const name of ['a.md', 'b.md', 'c.md', 'd.md', 'e.md']) writeFileSync(join(folder, name), text);
  });
  after(async () => {
    await presidio.stop();
    rmSync(folder, { recursive: true });
  });

  test('nobody is asked unless named', async () => {
    const { code, out } = await pii(['scan', 'a.md', '--format', 'json'], '', folder);
    assert.deepEqual([code, found(out), presidio.requests.length], [1, ['EMAIL_ADDRESS 2:6'], 0]);
  });

  test('scan: files, standard input and JSON lines hold what Presidio says', async () => {
    assert.deepEqual(found((await pii(['scan', 'a.md', '--format', 'json', '--presidio', presidio.url], '', folder)).out), ['PERSON 1:23', 'EMAIL_ADDRESS 2:6']);
    assert.deepEqual(found((await pii(['scan', '-', '--format', 'json', '--presidio', presidio.url], text)).out), ['PERSON 1:23', 'EMAIL_ADDRESS 2:6']);
    const { out, code } = await pii(['scan', '--jsonl-input', '--presidio', presidio.url], `${JSON.stringify({ id: 7, text })}\n`);
    assert.deepEqual([code, found(out)], [1, ['PERSON 1:23', 'EMAIL_ADDRESS 2:6']]);
  });

  test('mask: its findings are masked, too', async () => {
    const { code, out } = await pii(['mask', '--replace', 'redact', '--presidio', presidio.url], text);
    assert.equal(code, 0);
    assert.doesNotMatch(out, /qwentil|jane/);
    assert.match(out, /The parcel went to .* in velbert/);
  });

  test('down: said once, without the text; the engine’s findings stay; no success is claimed; it is not asked for every file', async () => {
    presidio.mode = 'error';
    const asked = presidio.requests.length;
    const { code, out, err } = await pii(['scan', '.', '--format', 'json', '--presidio', presidio.url], '', folder);
    assert.equal(code, 2);
    assert.deepEqual(found(out), Array.from({ length: 5 }, () => 'EMAIL_ADDRESS 2:6'));
    assert.deepEqual((JSON.parse(out) as Report).limits.map(({ kind }) => kind), Array.from({ length: 5 }, () => 'provider-down'));
    assert.match(err, /answered 500[\s\S]*5 of 5 files were judged without the provider/);
    assert.equal(err.match(/answered 500/g)?.length, 1);
    assert.doesNotMatch(err + out, /qwentil|parcel/);
    assert.equal(presidio.requests.length - asked, 3);
    presidio.mode = 'answer';
  });

  test('down: mask writes nothing', async () => {
    presidio.mode = 'garbage';
    const { code, out, err } = await pii(['mask', '--presidio', presidio.url], text);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /another shape.*Nothing was written/s);
    presidio.mode = 'answer';
  });

  test('a local model is asked; half a configuration is an error', async () => {
    writeTinyModel(folder, { qwentil: 'B-PER', marvow: 'I-PER' });
    const { out, code } = await pii(['scan', 'a.md', '--format', 'json', '--onnx-model', '.', '--onnx-runtime', runtime], '', folder);
    assert.deepEqual([code, found(out)], [1, ['PERSON 1:23', 'EMAIL_ADDRESS 2:6']]);
    const half = await pii(['scan', 'a.md', '--onnx-model', '.'], '', folder);
    assert.equal(half.code, 2);
    assert.match(half.err, /belong together/);
    assert.equal((await pii(['scan', 'a.md', '--presidio', 'ftp://x'], '', folder)).code, 2);
  });
});
