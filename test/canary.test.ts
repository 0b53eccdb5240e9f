/**
 * Plants personal values in files, a database, a statement, a parameter and a reason, runs everything from the built
 * bundles, and looks for them in every byte that leaves: protocol, logs, diagnostics, approvals, audit, reports.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PassThrough } from 'node:stream';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { method, type RunState } from '#core/wire/protocol.ts';
import type { ResultPage } from '#core/wire/results.ts';
import { dist } from '../scripts/bundles.ts';
import { type SampleBackend, startSampleBackend } from '../scripts/sample-backend.ts';

/** Each in a spelling that a log or a payload would carry it in. */
const canaries = ['zebulon.quickwater@posteo.de', '219-09-7811', '4539 1488 0343 6467', 'DE53370400440648392017', 'Zebulon Quickwater', '81.2.69.163'];

let folder: string;
let backend: SampleBackend;
let server: ReturnType<typeof spawn>;
let rpc: MessageConnection;
const sent: Buffer[] = [];
const logged: Buffer[] = [];

function assertNoCanary(where: string, content: string | Buffer): void {
  const bytes = Buffer.from(content);
  for (const canary of canaries) assert.equal(bytes.indexOf(canary), -1, `${where} holds ${canary.slice(0, 3)}…: …${bytes.subarray(Math.max(0, bytes.indexOf(canary) - 120), Math.max(0, bytes.indexOf(canary))).toString()}`);
}

async function api<T>(person: keyof SampleBackend['tokens'], path: string, body?: unknown): Promise<{ readonly raw: string; readonly json: T }> {
  const response = await fetch(`${backend.url}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${backend.tokens[person]}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
  });
  const raw = await response.text();
  assert.ok(response.ok, `${path}: ${response.status} ${raw}`);
  return { raw, json: JSON.parse(raw) as T };
}

before(async () => {
  assert.ok(existsSync(join(dist, 'server.js')), 'dist/ is built first: npm run build');
  folder = mkdtempSync(join(tmpdir(), 'pii-gate-canary-'));
  mkdirSync(join(folder, 'workspace'));
  writeFileSync(join(folder, 'workspace', 'users.json'), JSON.stringify([{ email: canaries[0], ssn: canaries[1], card: canaries[2], iban: canaries[3], fullName: canaries[4], clientIp: canaries[5] }], null, 2));
  writeFileSync(join(folder, 'workspace', 'app.log'), `2026-11-20 login failed email=${canaries[0]} ip=${canaries[5]} ssn=${canaries[1]} card=${canaries[2]}\n`);
  const database = new DatabaseSync(join(folder, 'people.db'));
  database.exec('CREATE TABLE people (id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, ssn TEXT, notes TEXT, created_at TEXT)');
  database.prepare('INSERT INTO people VALUES (1, ?, ?, ?, ?, ?)').run(canaries[4] ?? '', canaries[0] ?? '', canaries[1] ?? '', `card ${canaries[2]} iban ${canaries[3]}`, '2026-01-01');
  database.close();
  backend = await startSampleBackend(join(folder, 'backend'));
  server = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(dist, 'server.js'), '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const copy = new PassThrough();
  server.stdout?.on('data', (chunk: Buffer) => { sent.push(chunk); copy.write(chunk); });
  server.stderr?.on('data', (chunk: Buffer) => logged.push(chunk));
  rpc = createMessageConnection(new StreamMessageReader(copy), new StreamMessageWriter(server.stdin as NodeJS.WritableStream));
  rpc.onRequest('workspace/configuration', (params: { items: readonly unknown[] }) => params.items.map(() => null));
  rpc.onRequest('client/registerCapability', () => null);
  rpc.onRequest('workspace/diagnostic/refresh', () => null);
  rpc.onRequest('workspace/codeLens/refresh', () => null);
  rpc.listen();
  const uri = pathToFileURL(join(folder, 'workspace')).href;
  await rpc.sendRequest('initialize', { processId: null, rootUri: uri, workspaceFolders: [{ uri, name: 'workspace' }], capabilities: { textDocument: { diagnostic: {}, codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] }, codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } }, workspace: { configuration: true } } });
  await rpc.sendNotification('initialized', {});
}, { timeout: 60_000 });

after(async () => {
  rpc?.dispose();
  server?.kill('SIGKILL');
  await backend?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('diagnostics, hovers and quick fixes name no value', { timeout: 60_000 }, async () => {
  for (const [name, languageId] of [['users.json', 'json'], ['app.log', 'log']] as const) {
    const uri = pathToFileURL(join(folder, 'workspace', name)).href;
    await rpc.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text: readFileSync(join(folder, 'workspace', name), 'utf8') } });
    const { items } = await rpc.sendRequest<{ items: readonly { range: { start: object; end: object }; code: string }[] }>('textDocument/diagnostic', { textDocument: { uri } });
    assert.ok(items.length >= 3, `${name}: something is found, or nothing is tested (${items.length})`);
    for (const item of items) {
      await rpc.sendRequest('textDocument/hover', { textDocument: { uri }, position: item.range.start });
      const actions = await rpc.sendRequest<readonly { title: string; kind: string }[]>('textDocument/codeAction', { textDocument: { uri }, range: item.range, context: { diagnostics: [item] } });
      assert.ok(actions.length > 0, 'there are quick fixes');
      // Allowing a value writes that value into the policy because the user says so; every other edit takes values out.
      for (const action of actions) if (!/allow/i.test(action.title)) await rpc.sendRequest('codeAction/resolve', action);
    }
  }
  assertNoCanary('the protocol', Buffer.concat(sent));
});

test('a query that is asked for, approved, shown and exported masked leaks nothing', { timeout: 90_000 }, async () => {
  const connection = { id: 'people', name: 'People', dialect: 'sqlite', environment: 'production', file: join(folder, 'people.db') };
  const installationKey = randomBytes(32).toString('base64url');
  await rpc.sendRequest(method.configureGate, { trusted: true, backend: { url: backend.url, token: backend.tokens.dana }, installationKey, connections: [connection], passwords: {} });
  const waiting = new Map<string, (state: RunState) => void>();
  const seen = new Map<string, RunState[]>();
  rpc.onNotification(method.runChanged, ({ runId, run }: { runId: string; run: RunState }) => { seen.get(runId)?.push(run); waiting.get(runId)?.(run); });
  const until = (runId: string, ...states: RunState['state'][]) => new Promise<RunState>((resolve) => {
    seen.set(runId, seen.get(runId) ?? []);
    const already = seen.get(runId)?.find((run) => states.includes(run.state));
    if (already !== undefined) resolve(already);
    waiting.set(runId, (run) => { if (states.includes(run.state)) resolve(run); });
  });
  const approve = async (capability: string) => {
    for (;;) {
      const { json, raw } = await api<{ requests: readonly ApprovalRequest[] }>('sam', '/v1/requests?state=pending');
      assertNoCanary('the list of requests', raw);
      const request = json.requests.find((one) => one.binding.capability === capability);
      if (request === undefined) { await new Promise((resolve) => setTimeout(resolve, 50)); continue; }
      assertNoCanary('the decision', (await api('sam', `/v1/requests/${request.id}/decisions`, { decision: 'approve', comment: `fine for ${canaries[0]}` })).raw);
      return;
    }
  };
  const ask = { reason: `complaint of ${canaries[0]}, ssn ${canaries[1]}`, use: 'once', durationMs: 300_000 };
  const run = { connectionId: 'people', statement: `SELECT id, full_name, email, ssn, notes FROM people WHERE email = '${canaries[0]}' AND ssn = ?`, parameters: [canaries[1]] };

  seen.set('run-1', []);
  const done = until('run-1', 'done', 'blocked', 'failed');
  void rpc.sendRequest(method.run, { runId: 'run-1', ...run, ask });
  await approve('run');
  const end = await done;
  assert.equal(end.state, 'done', JSON.stringify(end));
  if (end.state !== 'done') return;
  const page = await rpc.sendRequest<ResultPage>(method.page, { resultId: end.result.resultId, offset: 0, count: 10 });
  assert.equal(page.rows.length, 1, 'the row was really read');

  const target = join(folder, 'people.csv');
  seen.set('export-1', []);
  const exported = until('export-1', 'done', 'blocked', 'failed');
  void rpc.sendRequest(method.exportResult, { runId: 'export-1', resultId: end.result.resultId, format: 'csv', path: target, clear: [], ask });
  await approve('export');
  const exportEnd = await exported;
  assert.equal(exportEnd.state, 'done', JSON.stringify(exportEnd));
  assertNoCanary('the masked export', readFileSync(target));

  const failing = await rpc.sendRequest<RunState>(method.run, { runId: 'run-2', connectionId: 'people', statement: `SELEC '${canaries[1]}' FROM people WHERE`, ask });
  assert.notEqual(failing.state, 'done');
  assertNoCanary('the protocol', Buffer.concat(sent));
  assertNoCanary('the audit trail', (await api('aria', '/v1/audit')).raw);
  for (const name of globSync('**/*', { cwd: join(folder, 'backend'), withFileTypes: true })) if (name.isFile()) assertNoCanary(`the backend's file ${name.name}`, readFileSync(join(name.parentPath, name.name)));
  assertNoCanary("the server's log", Buffer.concat(logged));
  assertNoCanary("the backend's log", backend.output());
});

test('reports of the command line hold masks only', { timeout: 60_000 }, () => {
  const files = [join(folder, 'workspace', 'users.json'), join(folder, 'workspace', 'app.log')];
  for (const format of ['text', 'json', 'jsonl', 'sarif']) {
    const result = spawnSync(process.execPath, [join(dist, 'cli.js'), 'scan', '--format', format, ...files], { encoding: 'utf8' });
    assert.equal(result.status, 1, result.stderr);
    assertNoCanary(`scan --format ${format}`, result.stdout + result.stderr);
  }
  const masked = spawnSync(process.execPath, [join(dist, 'cli.js'), 'mask'], { encoding: 'utf8', input: readFileSync(files[1] ?? '') });
  assert.equal(masked.status, 0, masked.stderr);
  assertNoCanary('mask', masked.stdout + masked.stderr);
  const lines = spawnSync(process.execPath, [join(dist, 'cli.js'), 'scan', '--jsonl-input'], { encoding: 'utf8', input: `${JSON.stringify({ id: 'a', text: readFileSync(files[0] ?? '', 'utf8'), languageId: 'json' })}\n{"id": "b", "text": ${canaries[1]}}\n` });
  assertNoCanary('scan --jsonl-input', lines.stdout + lines.stderr);
});
