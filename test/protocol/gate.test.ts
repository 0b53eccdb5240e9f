import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AdoptResult, type DiscoveredConnection, type GateStatus, type HistoryEntry, type InventoryResult, method, type RequestsResult, type RunState, type ScanInventoryResult, type StatementInfo, type TransactionResult } from '#core/wire/protocol.ts';
import type { ResultPage, ResultSummary } from '#core/wire/results.ts';
import { startHoop } from '#approvals/testing/hoop-gateway.ts';
import { ask, canaries, GateClient } from './gate-client.ts';

let client: GateClient;
before(async () => { client = await GateClient.start(); });
after(async () => {
  await client.stop();
  assert.deepEqual(client.log, [], 'no handler failed unexpectedly');
});

const harmless = 'SELECT status, count(*) AS orders FROM orders GROUP BY status ORDER BY status';
const sensitive = 'SELECT id, ssn, email AS contact, upper(phone) AS who, city FROM customers ORDER BY id';

/** Nothing raw in what the client has been sent since `from`. */
function assertMasked(from = 0): void {
  const sent = client.received.slice(from).join('');
  for (const canary of canaries) assert.ok(!sent.includes(canary), `${canary} was sent`);
  assert.ok(!sent.includes('eyJ'), 'a token was sent');
}
const blocked = (state: RunState): string => (state.state === 'blocked' ? state.blocked.code : JSON.stringify(state));

test('a harmless statement runs at once and is shown as it is', async () => {
  const { state } = await client.run(harmless);
  assert.equal(state.state, 'done', JSON.stringify(state));
  const { result } = state as { result: ResultSummary };
  assert.deepEqual(result.columns.map((c) => [c.name, c.masked]), [['status', false], ['orders', false]]);
  assert.deepEqual((await client.page(result.resultId)).rows, [[{ v: 'open' }, { v: '1' }], [{ v: 'paid' }, { v: '2' }]]);
});

test('a sensitive statement says what it needs before anything is asked', async () => {
  const { state } = await client.run(sensitive);
  assert.equal(state.state, 'needs-approval', JSON.stringify(state));
  const { verdict, facts } = state as Extract<RunState, { state: 'needs-approval' }>;
  assert.equal(verdict.effect, 'review');
  assert.ok(verdict.reason.required);
  assert.deepEqual(new Set(facts.sensitive.map((s) => s.column)), new Set(['ssn', 'email', 'phone']));
  assert.ok(facts.sensitive.some((s) => s.column === 'ssn'));
});

test('approved by a data steward: it runs, masked by provenance, alias and expression alike', async () => {
  const from = client.received.length;
  const { result } = await client.approvedRun(sensitive);
  const byName = new Map(result.columns.map((c) => [c.name, c]));
  for (const name of ['ssn', 'contact', 'who']) assert.ok(byName.get(name)?.masked, name);
  assert.equal(byName.get('id')?.masked, false);
  assert.ok(byName.get('ssn')?.reasons.some((r) => r.includes('customers.ssn')));
  const { rows } = await client.page(result.resultId);
  assert.equal(rows.length, 2);
  assert.deepEqual(rows.map((r) => r[0]?.v), ['1', '2']);
  for (const row of rows) for (const i of [1, 2, 3]) assert.equal(row[i]?.m, 1);
  assertMasked(from);
});

test('reveal: a grant of its own, for exactly those columns; sort and filter work on what is shown', async () => {
  const { result } = await client.approvedRun(sensitive);
  const runId = client.nextId();
  const first = await client.request<RunState>(method.reveal, { runId, resultId: result.resultId, columns: [1] });
  assert.equal(first.state, 'needs-approval', JSON.stringify(first));
  const second = await client.request<RunState>(method.reveal, { runId, resultId: result.resultId, columns: [1], ask });
  assert.equal(second.state, 'pending', JSON.stringify(second));
  await client.decide('sam', (second as { requestId: string }).requestId, 'approve');
  const done = await client.reaches(runId, 'done', 'blocked', 'failed');
  assert.equal(done.state, 'done', JSON.stringify(done));
  const { rows } = await client.page(result.resultId);
  assert.deepEqual(rows.map((r) => r[1]), [{ v: '536-22-8726' }, { v: '457-55-5462' }]);
  const forAgents = await client.request<ResultPage>(method.page, { resultId: result.resultId, offset: 0, count: 50, masked: true });
  assert.deepEqual(forAgents.rows.map((r) => r[1]?.m), [1, 1], 'what a person has revealed is not for agents');
  assert.equal(rows[0]?.[2]?.m, 1, 'the other columns stay masked');
  assert.deepEqual(await client.request(method.view, { resultId: result.resultId, sort: { column: 1, direction: 'asc' } }), { rows: 2 });
  assert.equal((await client.page(result.resultId)).rows[0]?.[1]?.v, '457-55-5462');
  assert.deepEqual(await client.request(method.view, { resultId: result.resultId, filter: '8726' }), { rows: 1 });
  assert.deepEqual(await client.request(method.view, { resultId: result.resultId, filter: 'marta.keller' }), { rows: 0 }, 'what is masked can\'t be searched for');
});

test('revoked: what was revealed is masked again', async () => {
  const { result } = await client.approvedRun(sensitive);
  const runId = client.nextId();
  const pending = await client.request<RunState>(method.reveal, { runId, resultId: result.resultId, columns: [1], ask: { ...ask, use: 'window' } });
  const { requestId } = pending as { requestId: string };
  await client.decide('sam', requestId, 'approve');
  await client.reaches(runId, 'done');
  assert.equal((await client.page(result.resultId)).rows[0]?.[1]?.v, '536-22-8726');
  const mine = await client.backend.call('dana', 'GET', `/v1/requests/${requestId}`);
  const jti = (JSON.parse(Buffer.from((mine.body.grant ?? '').split('.')[1] ?? '', 'base64url').toString()) as { jti: string }).jti;
  const revoked = await client.backend.call('sam', 'POST', `/v1/grants/${jti}/revoke`, {});
  assert.ok(revoked.status < 300, JSON.stringify(revoked.body));
  for (let i = 0; (await client.page(result.resultId)).rows[0]?.[1]?.m !== 1; i++) assert.ok(i < 1000, 'the revocation never arrived');
});

test('a reviewer\'s limits hold: rows are capped, kept columns stay masked', async () => {
  const { result } = await client.approvedRun(sensitive, { maxRows: 1 });
  assert.equal(result.rows, 1);
  assert.deepEqual(result.truncated, { by: 'grant', at: 1 });
  const runId = client.nextId();
  const pending = await client.request<RunState>(method.reveal, { runId, resultId: result.resultId, columns: [1, 2], ask });
  await client.decide('sam', (pending as { requestId: string }).requestId, 'approve', '', { keepMasked: [{ table: 'customers', column: 'ssn', access: 'read' }] });
  await client.reaches(runId, 'done');
  const [row] = (await client.page(result.resultId)).rows;
  assert.equal(row?.[1]?.m, 1);
  assert.deepEqual(row?.[2], { v: 'marta.keller@acme-corp.io' });
});

test('denied export: no file, the reason is told', async () => {
  const { result } = await client.approvedRun(sensitive);
  const target = path.join(client.folder, 'denied.csv');
  const runId = client.nextId();
  const pending = await client.request<RunState>(method.exportResult, { runId, resultId: result.resultId, format: 'csv', path: target, clear: [1], ask });
  assert.equal(pending.state, 'pending', JSON.stringify(pending));
  await client.decide('sam', (pending as { requestId: string }).requestId, 'deny', 'Not needed for the import');
  const end = await client.reaches(runId, 'blocked', 'done', 'failed');
  assert.equal(blocked(end), 'denied');
  assert.match(JSON.stringify(end), /Not needed for the import/);
  assert.ok(!existsSync(target));
});

test('approved export: clear where granted, masked elsewhere, with a manifest', async () => {
  const { result } = await client.approvedRun(sensitive);
  const target = path.join(client.folder, 'out.csv');
  const runId = client.nextId();
  const pending = await client.request<RunState>(method.exportResult, { runId, resultId: result.resultId, format: 'csv', path: target, clear: [1], ask });
  await client.decide('sam', (pending as { requestId: string }).requestId, 'approve');
  const end = await client.reaches(runId, 'done', 'blocked', 'failed');
  assert.equal(end.state, 'done', JSON.stringify(end));
  const text = readFileSync(target, 'utf8');
  assert.ok(text.startsWith('id,ssn,contact,who,city\r\n1,536-22-8726,'));
  assert.ok(!text.includes('marta.keller') && !text.includes('4155550132'));
  const manifest = JSON.parse(readFileSync(`${target}.manifest.json`, 'utf8')) as { by: { id: string }; rows: number; approval: { receipt: string } };
  assert.deepEqual([manifest.by.id, manifest.rows], ['dana', 2]);
  assert.ok(manifest.approval.receipt.length > 100);
  assert.deepEqual(readdirSync(client.folder).filter((f) => f.includes('partial')), []);
});

test('a result that the row cap has cut is exported whole, streamed from the database, masked', async () => {
  const { result } = await client.approvedRun(sensitive, undefined, 'capped');
  assert.deepEqual([result.rows, result.truncated], [1, { by: 'row-cap', at: 1 }]);
  const target = path.join(client.folder, 'whole.jsonl');
  const runId = client.nextId();
  const pending = await client.request<RunState>(method.exportResult, { runId, resultId: result.resultId, format: 'jsonl', path: target, clear: [1], watermark: true, ask });
  await client.decide('sam', (pending as { requestId: string }).requestId, 'approve');
  const end = await client.reaches(runId, 'done', 'blocked', 'failed');
  assert.equal(end.state, 'done', JSON.stringify(end));
  assert.equal(end.exported?.rows, 2);
  const lines = readFileSync(target, 'utf8').trim().split('\n').map((l) => JSON.parse(l) as Record<string, string>);
  assert.deepEqual(lines.map((l) => l.ssn), ['536-22-8726', '457-55-5462']);
  assert.ok(lines.every((l) => l.exported_by?.startsWith('dana ') && !JSON.stringify(l).includes('@acme-corp.io')));
});

test('Excel, too, and never more rows than the reviewer allows', async () => {
  const { result } = await client.approvedRun(sensitive, undefined, 'capped');
  const target = path.join(client.folder, 'few.xlsx');
  const runId = client.nextId();
  const pending = await client.request<RunState>(method.exportResult, { runId, resultId: result.resultId, format: 'xlsx', path: target, clear: [], ask });
  await client.decide('sam', (pending as { requestId: string }).requestId, 'approve', '', { maxRows: 1 });
  const end = await client.reaches(runId, 'done', 'blocked', 'failed');
  assert.equal(end.state, 'done', JSON.stringify(end));
  assert.equal(end.exported?.rows, 1);
  assert.equal(readFileSync(target).subarray(0, 2).toString(), 'PK');
});

test('one approval, one run: the second time it is asked for again', async () => {
  const statement = `${sensitive} LIMIT 2`;
  const { id } = await client.approvedRun(statement);
  assert.equal((await client.run(statement)).state.state, 'needs-approval');
  assert.equal(blocked((await client.run(statement, { runId: id, ask })).state), 'grant-used', 'the same request, taken up again');
});

test('editing the statement while it is pending voids the approval', async () => {
  const uri = 'file:///w/ids.sql';
  const statement = 'SELECT ssn FROM customers WHERE id = 1';
  await client.open(uri, `${harmless};\n${statement};\n`);
  const { id, state } = await client.run(statement, { uri, range: { start: harmless.length + 2, end: harmless.length + 2 + statement.length }, ask });
  assert.equal(state.state, 'pending', JSON.stringify(state));
  await client.edit(uri, `-- moved down\n${harmless};\n${statement};\n`);
  await client.edit(uri, `${harmless};\n${statement}0;\n`);
  const end = await client.reaches(id, 'blocked', 'done', 'failed', 'cancelled');
  assert.equal(blocked(end), 'statement-changed');
  const request = await client.backend.call('dana', 'GET', `/v1/requests/${(state as { requestId: string }).requestId}`);
  assert.equal(request.body.state, 'cancelled');
  assert.equal((await client.run(`${statement}0`)).state.state, 'needs-approval', 'what was not approved does not run');
});

test('denied: the reason stands at the statement until it is edited or run again', async () => {
  const uri = 'file:///w/denied.sql';
  const statement = 'SELECT email FROM customers';
  await client.open(uri, `-- who\n${statement};`);
  const { id, state } = await client.run(statement, { uri, range: { start: 7, end: 7 + statement.length }, ask });
  await client.decide('sam', (state as { requestId: string }).requestId, 'deny', 'Ask for a count instead');
  await client.reaches(id, 'blocked');
  const [diagnostic] = client.diagnostics(uri);
  assert.deepEqual(diagnostic?.range, { start: { line: 1, character: 0 }, end: { line: 1, character: statement.length } });
  assert.match(String(diagnostic?.message), /Ask for a count instead/);
  assert.ok(client.diagnosticChanges.includes(uri));
  await client.edit(uri, '-- who\nSELECT count(*) FROM customers;');
  await client.run(harmless);
  assert.deepEqual(client.diagnostics(uri), []);
});

test('cancelling a pending run withdraws the request', async () => {
  const { id, state } = await client.run('SELECT phone FROM customers', { ask });
  await client.request(method.cancelRun, { runId: id });
  assert.equal((await client.reaches(id, 'cancelled', 'blocked')).state, 'cancelled');
  const request = await client.backend.call('dana', 'GET', `/v1/requests/${(state as { requestId: string }).requestId}`);
  assert.equal(request.body.state, 'cancelled');
});

test('staging: policy masks, nobody is asked', async () => {
  const from = client.received.length;
  const { state } = await client.run(sensitive, { connectionId: 'staging' });
  assert.equal(state.state, 'done', JSON.stringify(state));
  await client.page((state as { result: ResultSummary }).result.resultId);
  assertMasked(from);
});

test('parameters are bound, and belong to what is approved', async () => {
  const statement = 'SELECT id, status FROM orders WHERE status = :status AND total > :least OR status = :status AND id < 0';
  const { state } = await client.run(statement, { parameters: ['paid', 50] });
  assert.equal(state.state, 'done', JSON.stringify(state));
  assert.deepEqual((await client.page((state as { result: ResultSummary }).result.resultId)).rows.map((r) => r[0]?.v), ['3']);
  const missing = await client.run(statement, { parameters: ['paid'] });
  assert.match(JSON.stringify(missing.state), /2 parameters/);
});

for (const [name, statement, connectionId, expected] of [
  ['a write on a read-only connection', "UPDATE customers SET city = 'x'", 'production', /read-only/],
  ['a write on a critical connection', 'DELETE FROM orders', 'critical', /critical/],
] as const) {
  test(`${name} is blocked before anybody is asked`, async () => {
    const { state } = await client.run(statement, { connectionId });
    assert.equal(blocked(state), 'read-only');
    assert.match(JSON.stringify(state), expected);
  });
}

test('an error of the database keeps its values to itself', async () => {
  const from = client.received.length;
  const { state } = await client.run('SELECT json_extract(ssn, 1) FROM customers', { connectionId: 'staging' });
  assert.equal(state.state, 'failed', JSON.stringify(state));
  assertMasked(from);
});

test('several statements in one text never slip through behind a harmless one', async () => {
  const from = client.received.length;
  const { state } = await client.run('SELECT 1; SELECT ssn FROM customers', { connectionId: 'staging' });
  assert.notEqual(state.state, 'done', JSON.stringify(state));
  assertMasked(from);
});

test('reviewers read the plan, without literals', async () => {
  const { id, state } = await client.run("SELECT id FROM customers WHERE ssn = '536-22-8726'", { ask });
  const { plan, preview } = (state as Extract<RunState, { state: 'pending' }>).request;
  assert.match(plan ?? '', /SCAN customers/);
  assert.ok(!`${plan} ${preview}`.includes('536-22-8726'));
  await client.request(method.cancelRun, { runId: id });
  await client.reaches(id, 'cancelled');
});

test('history: what was run, without values', async () => {
  await client.run("SELECT id FROM orders WHERE status = 'paid' AND '536-22-8726' <> ''");
  const { entries } = await client.request<{ entries: HistoryEntry[] }>(method.history, { limit: 1 });
  assert.deepEqual(entries.map((e) => [e.outcome, e.rows, e.connectionId]), [['done', 2, 'production']]);
  assert.match(entries[0]?.statement ?? '', /^SELECT id FROM orders WHERE/);
  assert.ok(!JSON.stringify(entries).includes('536-22-8726'));
});

test('manual transactions: where writing is allowed, and nowhere else', async () => {
  const step = (connectionId: string, action: string): Promise<TransactionResult> => client.request(method.transaction, { connectionId, action });
  assert.deepEqual(await step('writable', 'begin'), { ok: true, open: true });
  const written = await client.run("INSERT INTO orders VALUES (9, 1, 1, 'new', '2024-03-01')", { connectionId: 'writable', ask });
  assert.equal(written.state.state, 'done', JSON.stringify(written.state));
  assert.equal((written.state as { result: ResultSummary }).result.affected, 1);
  const inside = await client.run('SELECT count(*) AS n FROM orders', { connectionId: 'writable' });
  assert.equal((await client.page((inside.state as { result: ResultSummary }).result.resultId)).rows[0]?.[0]?.v, '4');
  assert.deepEqual(await step('writable', 'rollback'), { ok: true, open: false });
  const outside = await client.run('SELECT count(*) AS n FROM orders', { connectionId: 'writable' });
  assert.equal((await client.page((outside.state as { result: ResultSummary }).result.resultId)).rows[0]?.[0]?.v, '3');
  assert.equal((await step('production', 'begin')).ok, false);
  assert.equal((await step('staging', 'begin')).ok, false);
});

test('connections of .env files are offered without their passwords; one that is taken gives it', async () => {
  writeFileSync(path.join(client.folder, '.env'), 'DATABASE_URL=postgres://app:s3cret-pw@db/shop\n');
  const folders = [pathToFileURL(client.folder).href];
  const { offers } = await client.request<{ offers: DiscoveredConnection[] }>(method.discover, { folders });
  assert.deepEqual(offers.map((o) => [o.source, o.variable, o.hasPassword, o.settings.environment]), [['.env:1', 'DATABASE_URL', true, 'production']]);
  assert.ok(!JSON.stringify(offers).includes('s3cret-pw'));
  assert.equal((await client.request<AdoptResult>(method.adopt, { uri: offers[0]?.uri, variable: 'DATABASE_URL' })).password, 's3cret-pw');
  await assert.rejects(client.request(method.adopt, { uri: offers[0]?.uri, variable: 'OTHER' }));
});

test('lenses: what each statement will do', async () => {
  const uri = 'file:///w/lens.sql';
  await client.open(uri, `${harmless};\n\n${sensitive};\n`);
  const infos = await client.request<StatementInfo[]>(method.statements, { uri, connectionId: 'production' });
  assert.deepEqual(infos.map((i) => i.sensitive), [false, true]);
  assert.equal(infos[0]?.summary, 'Runs now');
  assert.match(infos[1]?.summary ?? '', /^Needs 1 data-steward: reads customers\.\w+.*production\)$/);
  assert.equal(infos[1]?.verdict?.effect, 'review');
});

test('quick fixes: a rewrite that runs at once', async () => {
  const uri = 'file:///w/fix.sql';
  const text = `${harmless};\nSELECT id, ssn, status FROM customers JOIN orders USING (id);\n`;
  await client.open(uri, text);
  await client.request(method.statements, { uri, connectionId: 'production' });
  const actions = await client.gate.codeActions?.(uri, text.indexOf('ssn'), text.indexOf('ssn')) ?? [];
  const preferred = actions.find((a) => a.preferred);
  assert.ok(preferred, JSON.stringify(actions));
  const fixed = [...preferred.edits].sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
  assert.ok(fixed.startsWith(harmless));
  const statement = fixed.slice(harmless.length + 2, fixed.lastIndexOf(';'));
  assert.equal((await client.run(statement)).state.state, 'done', statement);
});

test('agents: only where they may, under their own name, by the rules for agents', async () => {
  const agent = { name: 'Helper' };
  const refused = await client.run(harmless, { agent });
  assert.equal(blocked(refused.state), 'policy-denies');
  assert.match(refused.state.state === 'blocked' ? refused.state.blocked.message : '', /Agents may not use Shop \(production\)\. Set "agents": true/);
  assert.equal((await client.run(harmless, { agent, connectionId: 'agents' })).state.state, 'done');
  const judged = (await client.run(sensitive, { agent, connectionId: 'agents' })).state;
  assert.ok(judged.state === 'needs-approval' && judged.verdict.rules.includes('agents-masked'), JSON.stringify(judged));
  const { state } = await client.run(sensitive, { agent, ask, connectionId: 'agents' });
  assert.equal(state.state, 'pending', JSON.stringify(state));
  const { request } = state as Extract<RunState, { state: 'pending' }>;
  assert.deepEqual([request.agent, request.scope.destination], [agent, { kind: 'agent' }]);
  assert.ok(request.verdict.rules.includes('agents-masked'), request.verdict.rules.join());
  await client.request(method.cancelRun, { runId: request.idempotencyKey });
  await client.reaches(request.idempotencyKey, 'cancelled');
});

test('inventory: what the database holds, and a search of it whose file holds no values', async () => {
  const { tables } = await client.request<InventoryResult>(method.inventory, { connectionId: 'production' });
  const customers = tables.find((t) => t.name === 'customers');
  assert.equal(customers?.columns.find((c) => c.name === 'ssn')?.entity, 'US_SSN');
  assert.equal(customers?.columns.find((c) => c.name === 'id')?.entity, undefined);
  const scan = await client.request<ScanInventoryResult>(method.scanInventory, { connectionId: 'staging', sample: true });
  assert.equal(scan.fileName, '.pii-gate.inventory.yaml');
  assert.match(scan.text, /ssn/);
  assert.ok(scan.found >= 4 && scan.sampled >= 1, JSON.stringify(scan));
  for (const canary of canaries) assert.ok(!scan.text.includes(canary));
  await assert.rejects(client.request(method.inventory, { connectionId: 'nope' }), /no connection/);
});

test('requests: mine as requester, and what I may decide', async () => {
  const { id, state } = await client.run('SELECT date_of_birth FROM customers', { ask });
  const listed = await client.request<RequestsResult>(method.requests, {});
  assert.ok(listed.mine.some((r) => r.id === (state as { requestId: string }).requestId));
  await assert.rejects(client.request(method.decide, { requestId: (state as { requestId: string }).requestId, decision: 'approve', comment: '' }), 'nobody approves their own request');
  await client.request(method.cancelRun, { runId: id });
  await client.reaches(id, 'cancelled');
});

test('untrusted: nothing runs, no backend is spoken to', async () => {
  assert.deepEqual(await client.configure({ trusted: false }), { backend: 'none' } satisfies GateStatus);
  assert.equal(blocked((await client.run(harmless)).state), 'untrusted-workspace');
  assert.equal((await client.configure({})).backend, 'connected');
});

test('a hoop gateway runs the statement itself: its output is a result, and nothing of it can be revealed', async () => {
  const hoop = await startHoop({ production: { reviewers: [] } });
  try {
    await client.configure({ backend: { url: hoop.url, token: hoop.tokenOf('dana'), kind: 'hoop' } });
    const { id, state } = await client.run(sensitive, { ask });
    const end = state.state === 'done' ? state : await client.reaches(id, 'done', 'blocked', 'failed');
    assert.equal(end.state, 'done', JSON.stringify(end));
    assert.deepEqual(hoop.executed, [sensitive], 'there, once');
    const { resultId } = (end as { result: ResultSummary }).result;
    assert.ok((await client.page(resultId)).rows.length > 0);
    assert.equal(blocked(await client.request<RunState>(method.reveal, { runId: client.nextId(), resultId, columns: [0], ask })), 'grant-invalid');
    assert.equal(hoop.executed.length, 1);
  } finally {
    await client.configure({});
    hoop.close();
  }
});

test('a token that the gateway rotated is used from then on, also after the settings change', async () => {
  const hoop = await startHoop({ production: { reviewers: [] } });
  try {
    const backend = { url: hoop.url, token: hoop.tokenOf('dana'), kind: 'hoop' } as const;
    hoop.rotateTokens();
    assert.equal((await client.configure({ backend })).backend, 'connected');
    // Used once, the new token voids the one in the settings.
    assert.notEqual((await client.run(sensitive, { ask })).state.state, 'blocked');
    assert.equal((await fetch(`${hoop.url}/api/userinfo`, { headers: { authorization: `Bearer ${backend.token}` } })).status, 401);
    assert.equal((await client.configure({ backend: { ...backend, hoop: { metadata: { team: 'shop' } } } })).backend, 'connected');
  } finally {
    await client.configure({});
    hoop.close();
  }
});

test('no backend: sensitive statements are blocked and say so, harmless ones run', async () => {
  await client.configure({ noBackend: true });
  assert.equal(blocked((await client.run(sensitive, { ask })).state), 'no-backend');
  assert.equal((await client.run(harmless)).state.state, 'done');
  await client.configure({});
});

test('backend stopped: sensitive statements are blocked, harmless ones run', async () => {
  await client.stopBackend();
  assert.equal(blocked((await client.run(sensitive, { ask })).state), 'backend-unreachable');
  assert.equal((await client.run(harmless)).state.state, 'done');
});
