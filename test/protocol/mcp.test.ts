/** The MCP server over real stdio, with the SDK's own client: tools, the gate behind them, and nothing raw on the wire. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type CallToolResult, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { startBackend, type RunningBackend } from '#backend/testing/sample.ts';

const root = path.join(import.meta.dirname, '../..');
const ssn = '536-22-8726';
const mail = 'marta.keller@acme-corp.io';

let folder: string;
let backend: RunningBackend;
let client: Client;
const received: string[] = [];

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-mcp-'));
  const database = new DatabaseSync(path.join(folder, 'shop.db'));
  database.exec(`CREATE TABLE customers (id INTEGER PRIMARY KEY, ssn TEXT, email TEXT, city TEXT); INSERT INTO customers VALUES (1, '${ssn}', '${mail}', 'Lyon'), (2, '457-55-5462', 'j.oduya@acme-corp.io', 'Porto')`);
  database.close();
  const shop = { dialect: 'sqlite', file: 'shop.db' };
  writeFileSync(path.join(folder, 'connections.json'), JSON.stringify([
    { id: 'open', name: 'Shop', environment: 'critical', agents: true, ...shop },
    { id: 'closed', name: 'Shop, people only', environment: 'production', ...shop },
  ]));
  backend = await startBackend();
  const transport = new StdioClientTransport({
    command: process.execPath, args: ['--disable-warning=ExperimentalWarning', path.join(root, 'cli/main.ts'), 'mcp', '--connections', 'connections.json', '--backend', backend.url], cwd: folder,
    env: { PATH: process.env.PATH ?? '', PII_GATE_TOKEN: backend.tokens.dana ?? '' }, stderr: 'pipe',
  });
  transport.stderr?.on('data', (chunk: Buffer) => received.push(chunk.toString()));
  client = new Client({ name: 'Test Agent', version: '1.0.0' });
  await client.connect(transport);
});
after(async () => {
  await client.close();
  await backend.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(name: string, input: Record<string, unknown> = {}): Promise<{ readonly text: string; readonly failed: boolean }> {
  const { content, isError } = await client.callTool({ name, arguments: input }) as CallToolResult;
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  received.push(text);
  return { text, failed: isError === true };
}
const decide = (who: string, id: string, decision: string) => backend.call(who, 'POST', `/v1/requests/${id}/decisions`, { decision, comment: 'seen' });

test('it introduces itself and lists its tools with schemas', async () => {
  assert.equal(client.getServerVersion()?.name, 'pii-gate');
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(({ name }) => name), ['scan_text', 'mask_text', 'list_connections', 'run_query', 'request_status']);
  for (const { name, description, inputSchema, annotations } of tools) assert.ok((description ?? '').length > 40 && inputSchema.type === 'object' && annotations?.title !== undefined, name);
});

test('scan_text tells what and where, without the value', async () => {
  const { text } = await call('scan_text', { text: `id,email\n1,${mail}\n`, filename: 'people.csv' });
  const { findings } = JSON.parse(text) as { findings: { entity: string; line: number; column: number }[] };
  assert.deepEqual(findings.map(({ entity, line, column }) => [entity, line, column]), [['EMAIL_ADDRESS', 2, 3]]);
});

test('mask_text gives the text back masked', async () => {
  const masked = await call('mask_text', { text: JSON.stringify({ owner: mail, ssn }), language: 'json', replace: 'redact' });
  assert.deepEqual(JSON.parse(masked.text), { owner: '<EMAIL_ADDRESS>', ssn: '<US_SSN>' });
  assert.doesNotMatch((await call('mask_text', { text: `write to ${mail}` })).text, /marta\.keller/);
});

test('only connections that agents may use are there', async () => {
  assert.deepEqual((JSON.parse((await call('list_connections')).text) as { id: string }[]).map(({ id }) => id), ['open']);
  const refused = await call('run_query', { connection: 'closed', statement: 'SELECT 1', reason: 'try' });
  assert.ok(refused.failed && /agents may not use/.test(refused.text), refused.text);
});

test('a harmless statement runs at once, its rows fenced as data', async () => {
  const { text, failed } = await call('run_query', { connection: 'open', statement: 'SELECT city, count(*) AS n FROM customers GROUP BY city ORDER BY city', reason: 'count' });
  assert.equal(failed, false, text);
  assert.match(text, /^completed: 2 of 2 rows[\s\S]*untrusted data[\s\S]*\["Lyon","1"\]\n\["Porto","1"\]/);
});

test('values are bound, not pasted', async () => {
  const { text } = await call('run_query', { connection: 'open', statement: 'SELECT city FROM customers WHERE id = ?', parameters: [2], reason: 'look up' });
  assert.match(text, /\["Porto"\]/, text);
});

test('a sensitive statement waits for people, who see which agent asks for whom; then it comes masked', async () => {
  const { text } = await call('run_query', { connection: 'open', statement: 'SELECT id, ssn, email FROM customers ORDER BY id', reason: 'SHOP-1: find duplicates' });
  const pending = JSON.parse(text) as { status: string; runId: string; requestId: string };
  assert.equal(pending.status, 'pending_approval', text);
  const stored = (await backend.call<ApprovalRequest>('sam', 'GET', `/v1/requests/${pending.requestId}`)).body;
  assert.deepEqual([stored.agent?.name, stored.requester.name, stored.scope.destination.kind, stored.reason], ['Test Agent', 'Dana', 'agent', 'SHOP-1: find duplicates']);
  assert.equal((JSON.parse((await call('request_status', { runId: pending.runId, waitSeconds: 0 })).text) as { status: string }).status, 'pending_approval');
  await decide('sam', pending.requestId, 'approve');
  await decide('devon', pending.requestId, 'approve');
  const done = await call('request_status', { runId: pending.runId });
  assert.match(done.text, /^completed: 2 of 2 rows[\s\S]*Masked columns: \["ssn","email"\]/, done.text);
});

test('a denial says why', async () => {
  const { runId, requestId } = JSON.parse((await call('run_query', { connection: 'open', statement: 'SELECT ssn FROM customers', reason: 'curious' })).text) as { runId: string; requestId: string };
  await decide('sam', requestId, 'deny');
  const { text, failed } = await call('request_status', { runId });
  assert.ok(failed && /Denied by Sam: “seen”/.test(text), text);
});

for (const [name, input, why] of [
  ['run_query', { connection: 'open', statement: 'SELECT 1' }, /reason/], ['run_query', { connection: 'open', statement: 'SELECT 1', reason: 'x', maxRows: 5000 }, /200/],
  ['mask_text', { text: 'x', replace: 'nothing' }, /allowed values/], ['scan_text', { text: 'x', more: 1 }, /additional/], ['no_such_tool', {}, /no tool/],
] as const) {
  test(`${name} with ${JSON.stringify(input)} is refused with what is wrong`, async () => {
    await assert.rejects(call(name, input), (error) => error instanceof McpError && error.code === ErrorCode.InvalidParams && why.test(error.message));
  });
}

test('an unknown run is not waited for', async () => {
  const { failed, text } = await call('request_status', { runId: 'made-up' });
  assert.ok(failed && /no statement/.test(text), text);
});

test('no value of the database, and no token, ever crossed the wire or reached the log', () => {
  const all = received.join('\n');
  for (const secret of [ssn, mail, '457-55-5462', 'j.oduya@acme-corp.io', backend.tokens.dana ?? '-', 'eyJ']) assert.ok(!all.includes(secret), 'a raw value came out');
});

test('a file that can\'t be read ends it with what to do', async () => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(root, 'cli/main.ts'), 'mcp', '--connections', 'nowhere.json'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  assert.deepEqual([code, /connections file nowhere\.json can't be read/.test(said)], [2, true], said);
});
