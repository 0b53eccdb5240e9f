/**
 * Nothing raw passes: whatever is run and whichever way its result is then taken, in any order, no planted value leaves the
 * server, and what sort and filter answer follows from what is shown.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { type ExportParams, type HistoryEntry, method, type RunState, type StatementInfo, type ViewResult } from '#core/wire/protocol.ts';
import { ask, canaries, GateClient } from './gate-client.ts';

let client: GateClient;
before(async () => { client = await GateClient.start(); });
after(() => client.stop());

/** Each in the forms that a statement could turn it into; what a partial mask keeps on purpose (the last four digits) is none of them. */
const forms = canaries.flatMap((value) => {
  const hex = Buffer.from(value).toString('hex');
  return [value, value.replace(/\W/g, ''), value.slice(0, -4), value.slice(1, -4), [...value].reverse().join(''), hex, hex.toUpperCase(), value.toUpperCase(), Buffer.from(value).toString('base64')];
}).filter((form) => form.length >= 6);

function assertNothingRaw(where: string, content: string): void {
  for (const form of forms) assert.ok(!content.includes(form), `${where} holds ${form.slice(0, 2)}…`);
}

/** Everything sensitive, bare and in disguise. On staging the policy masks and asks nobody. */
const statements = [
  'SELECT * FROM customers',
  'SELECT ssn AS id, email AS city, id AS ssn FROM customers',
  "SELECT replace(ssn, '-', '') AS n, upper(email) AS e, hex(ssn) AS h FROM customers",
  'SELECT substr(ssn, 1, 6) AS a, substr(email, 2) AS b, length(ssn) AS c FROM customers',
  "SELECT 'x' || ssn || 'y' AS x, printf('%s', phone) AS p FROM customers",
  "SELECT json_object('k', ssn, 'm', email) AS j, json_array(phone, ssn) AS a FROM customers",
  "SELECT min(ssn) AS lo, max(email) AS hi, group_concat(phone, ';') AS g, count(*) AS n FROM customers",
  'SELECT status FROM orders UNION ALL SELECT ssn FROM customers',
  'WITH t AS (SELECT email AS status FROM customers) SELECT status, status AS again FROM t',
  'SELECT o.id, (SELECT c.ssn FROM customers c WHERE c.id = o.customer_id) AS ref FROM orders o',
  'SELECT o.status, c.phone AS total FROM orders o LEFT JOIN customers c ON c.id = o.customer_id ORDER BY c.ssn',
  'SELECT CASE WHEN id = 1 THEN ssn ELSE email END AS v, coalesce(NULL, phone) AS w FROM customers',
  'SELECT CAST(ssn AS BLOB) AS b, quote(email) AS q, CAST(phone AS INTEGER) AS i FROM customers',
  "SELECT abs(json_extract('{\"a\":1}', '$.' || ssn)) AS boom FROM customers",
  "SELECT id FROM customers WHERE ssn = '536-22-8726' AND email LIKE 'marta.keller@acme-corp.io'",
] as const;

type Step =
  | { readonly kind: 'page' | 'agent-page'; readonly offset: number; readonly count: number }
  | { readonly kind: 'filter'; readonly needle: string }
  | { readonly kind: 'sort'; readonly column: number; readonly direction: 'asc' | 'desc' }
  | { readonly kind: 'export'; readonly format: ExportParams['format']; readonly watermark: boolean }
  | { readonly kind: 'history' | 'lenses' | 'all-rows' };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('page' as const, 'agent-page' as const), offset: fc.nat(3), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('filter' as const), needle: fc.oneof(fc.constantFrom(...forms), fc.constantFrom('*', '8726', 'Basel', 'm', '5', '•', '<')) }),
  fc.record({ kind: fc.constant('sort' as const), column: fc.nat(9), direction: fc.constantFrom('asc' as const, 'desc' as const) }),
  fc.record({ kind: fc.constant('export' as const), format: fc.constantFrom('csv' as const, 'json' as const, 'jsonl' as const, 'sql' as const, 'xlsx' as const), watermark: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('history' as const, 'lenses' as const, 'all-rows' as const) }),
);

async function shown(resultId: string): Promise<(string | null)[][]> { return (await client.page(resultId, 0, 50)).rows.map((row) => row.map(({ v }) => v)); }

async function take(resultId: string, columns: number, statement: string, next: Step): Promise<void> {
  switch (next.kind) {
    case 'page': await client.page(resultId, next.offset, next.count); return;
    case 'agent-page': await client.request(method.page, { resultId, offset: next.offset, count: next.count, masked: true }); return;
    case 'all-rows': await client.request<ViewResult>(method.view, { resultId }); return;
    case 'history': assertNothingRaw('the history', JSON.stringify(await client.request<HistoryEntry[]>(method.history, {}))); return;
    case 'lenses': {
      const uri = `untitled:${client.nextId()}`;
      await client.open(uri, statement);
      await client.request<StatementInfo[]>(method.statements, { uri, connectionId: 'staging' });
      return;
    }
    case 'filter': {
      await client.request<ViewResult>(method.view, { resultId });
      const all = await shown(resultId);
      const { rows } = await client.request<ViewResult>(method.view, { resultId, filter: next.needle });
      const needle = next.needle.toLocaleLowerCase();
      assert.equal(rows, all.filter((row) => row.some((v) => v?.toLocaleLowerCase().includes(needle))).length, 'a filter finds what is shown, nothing else');
      return;
    }
    case 'sort': {
      const column = next.column % columns;
      await client.request<ViewResult>(method.view, { resultId });
      const all = (await shown(resultId)).map((row) => row[column] ?? null);
      await client.request<ViewResult>(method.view, { resultId, sort: { column, direction: next.direction } });
      const sorted = (await shown(resultId)).map((row) => row[column] ?? null);
      const texts = all.filter((v) => v !== null);
      const numeric = texts.every((v) => v.trim() !== '' && Number.isFinite(Number(v)));
      const { compare } = new Intl.Collator(undefined, { numeric: true });
      const expected = texts.sort((a, b) => (next.direction === 'asc' ? 1 : -1) * (numeric ? Number(a) - Number(b) : compare(a, b)));
      assert.deepEqual(sorted, [...expected, ...all.filter((v) => v === null)], 'sorted by what is shown');
      return;
    }
    case 'export': {
      const target = path.join(client.folder, `${client.nextId()}.${next.format}`);
      const runId = client.nextId();
      let state = await client.request<RunState>(method.exportResult, { runId, resultId, format: next.format, path: target, clear: [], watermark: next.watermark, ask });
      if (state.state === 'pending') {
        await client.decide('sam', state.requestId, 'approve', 'masked');
        state = await client.reaches(runId, 'done', 'failed', 'blocked');
      }
      assert.equal(state.state, 'done', JSON.stringify(state));
      const bytes = readFileSync(target);
      const text = next.format === 'xlsx' ? Object.values(unzipSync(bytes)).map((part) => Buffer.from(part).toString()).join('\n') : bytes.toString();
      assert.ok(text.length > 0);
      assertNothingRaw(`the ${next.format} file`, text);
      assertNothingRaw('its manifest', readFileSync(`${target}.manifest.json`, 'utf8'));
      rmSync(target);
    }
  }
}

test('no way of taking a result gives a planted value away', { timeout: 240_000 }, async () => {
  let masked = 0;
  await fc.assert(fc.asyncProperty(fc.constantFrom(...statements), fc.array(step, { minLength: 1, maxLength: 8 }), async (statement, steps) => {
    const { id, state } = await client.run(statement, { connectionId: 'staging', ask });
    const end = state.state === 'done' || state.state === 'failed' ? state : await client.reaches(id, 'done', 'failed', 'blocked');
    if (end.state === 'done') {
      const { resultId, columns } = end.result;
      for (const next of steps) await take(resultId, columns.length, statement, next);
      masked += (await shown(resultId)).length;
      await client.request(method.closeResult, { resultId });
    }
    assertNothingRaw('what the client received', client.received.join(''));
    assertNothingRaw('the log', client.log.join('\n'));
  }), { numRuns: 60 });
  assert.ok(masked > 30, `there was something to take (${masked} rows)`);
});

test('each of the statements is masked by itself', { timeout: 60_000 }, async () => {
  let failed = 0;
  for (const statement of statements) {
    const { id, state } = await client.run(statement, { connectionId: 'staging', ask });
    const end = state.state === 'done' || state.state === 'failed' ? state : await client.reaches(id, 'done', 'failed', 'blocked');
    if (end.state !== 'done') { failed++; continue; }
    const rows = await shown(end.result.resultId);
    assert.ok(rows.length > 0 || statement.includes('WHERE'), statement);
    assertNothingRaw(statement, JSON.stringify(rows));
  }
  assert.ok(failed <= 1, `${failed} failed: only the one that is made to`);
  assertNothingRaw('what the client received', client.received.join(''));
});
