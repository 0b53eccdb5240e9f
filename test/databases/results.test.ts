/** Results and exports of a real PostgreSQL: values of every kind, masked cells, exports that stream, stop and are read back. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createMasker } from '#core/masking/create.ts';
import type { Page, RawRow, Session } from '#query/drivers/driver.ts';
import { createPostgresDriver } from '#query/drivers/postgres.ts';
import { csv, type ExportCell, sqlInsert, type TextFormat } from '#query/export/format.ts';
import { type ExportOutcome, writeExport } from '#query/export/write-export.ts';
import { type MaskedPage, maskPages } from '#query/results/mask-pages.ts';
import { createStatementTools, loadCatalogue, type StatementTools } from '#query/understanding/statement-tools.ts';
import { understand } from '#query/understanding/understand.ts';
import { builtinPacks } from '#rules';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

const detector = createDetector(builtinPacks(), createRe2());
const masker = createMasker(new Uint8Array(32).fill(7), detector);
const email = 'marta.keller@acme-corp.io';
const long = `${'a line of an ordinary log, nothing in it\n'.repeat(5_000)}sent to ${email} at noon\n${'and more of it\n'.repeat(5_000)}`;

suite('results of PostgreSQL', { timeout: 180_000 }, () => {
  let database: StartedDatabase;
  let session: Session;
  let tools: StatementTools;
  let folder: string;

  before(async () => {
    database = await startPostgres();
    await database.run(`
      CREATE TABLE entries (id int primary key, payload jsonb, tags text[], memo text, raw bytea, reference bigint, amount numeric(20,2));
      INSERT INTO entries VALUES (1, '{"note": "write to ${email}", "n": [1, 2], "deep": {"card": "4539148803436467"}}', ARRAY['vip', 'call ${email}'], '${long}', '\\x${Buffer.from(`ssn 536-22-8726 ${email}`).toString('hex')}', 4539148803436467, 17.50),
        (2, '{"note": "nothing", "n": [3]}', ARRAY['x'], 'plain', NULL, 17, 12.00), (3, NULL, NULL, NULL, NULL, NULL, NULL);
      CREATE TABLE customers AS SELECT i AS id, 'user' || i || '@mail.example' AS email, 'note ' || i AS memo FROM generate_series(1, 200000) AS i`);
    session = await createPostgresDriver().connect(database.settings, database.password);
    tools = await createStatementTools({});
    folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-results-'));
  });
  after(async () => {
    await session?.close();
    await database?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const open = (sql: string, pageSize = 1000, signal?: AbortSignal): AsyncIterable<Page> => session.execute(sql, [], { maxRows: 10_000_000, pageSize, ...(signal ? { signal } : {}) });
  async function masked(sql: string, signal?: AbortSignal): Promise<AsyncGenerator<MaskedPage>> {
    const catalogue = await loadCatalogue(session);
    const description = await session.describe?.(sql);
    const understood = understand(sql, { analyser: tools.analyser, detector, catalogue, inventory: tools.inventory(detector, [], catalogue), dialect: 'postgresql', ...(description ? { description } : {}) });
    return maskPages(open(sql, 1000, signal), { detector, masker, replacementFor: () => ({ kind: 'mask' }), understood });
  }
  async function exported(format: TextFormat, columns: readonly string[], rows: AsyncIterable<readonly (readonly ExportCell[])[]>, signal?: AbortSignal): Promise<ExportOutcome> {
    return writeExport({
      path: path.join(folder, 'out'), formatName: 'x', format, columns: columns.map((name) => ({ name, masked: false })), rows, maxRows: 10_000_000,
      manifest: { by: { id: 'dana', name: 'Dana' }, connection: { id: 'c', environment: 'staging' }, statementDigest: 'd' }, installationKey: new Uint8Array(32), now: () => 0, ...(signal ? { signal } : {}),
    });
  }

  test('values of every kind, as values and in their bytes alike', async () => {
    const sql = `SELECT 1::int2, (-2147483648)::int4, 9007199254740993::int8, 12.50::numeric, 'NaN'::numeric, 0.1::float4, (-1.5e300)::float8, 'Infinity'::float8, true, false, NULL::int,
      'größe 🙂'::text, ''::varchar, 'ab'::char(4), '\\x00ff'::bytea, '\\x'::bytea, date '2024-02-29', timestamp '2024-02-29 13:37:00.123', time '13:37', interval '1 day 2 hours', 'infinity'::timestamp, date '0044-03-15 BC',
      '9f1b4c62-5d0a-4c1e-9f57-2f8c3a1d7b11'::uuid, '{"a": [1, null]}'::jsonb, ARRAY['a,b', NULL], inet '10.0.0.1/8', B'101', (1, 'x')::text`;
    const pages: Page[] = [];
    for await (const page of open(sql)) pages.push(page);
    const expected: RawRow = [
      1, -2147483648, '9007199254740993', '12.50', 'NaN', 0.1, -1.5e300, Number.POSITIVE_INFINITY, true, false, null,
      'größe 🙂', '', 'ab  ', Buffer.from([0, 255]), Buffer.alloc(0), '2024-02-29', '2024-02-29 13:37:00.123', '13:37:00', '1 day 02:00:00', 'infinity', '0044-03-15 BC',
      '9f1b4c62-5d0a-4c1e-9f57-2f8c3a1d7b11', '{"a": [1, null]}', '{"a,b",NULL}', '10.0.0.1/8', '101', '(1,x)',
    ];
    assert.deepEqual(pages[0]?.rows, [expected]);
    assert.deepEqual(expected.map((_, column) => pages[0]?.wire?.value(0, column)), expected);
  });

  test('what hides in JSON, arrays, long text, binary and numbers is masked there; the rest stays', async () => {
    const rows: (readonly ExportCell[])[] = [];
    for await (const page of await masked('SELECT * FROM entries ORDER BY id')) rows.push(...page.rows);
    const text = JSON.stringify(rows);
    for (const raw of [email, 'marta', '4539148803436467', '536-22-8726', Buffer.from(email).toString('hex')]) assert.ok(!text.includes(raw), raw);
    const [first = [], second = [], third = []] = rows.map((row) => row.map(({ v, m }) => ({ v, m: m ?? 0 })));
    const payload = JSON.parse(first[1]?.v ?? '') as { note: string; n: number[]; deep: { card: string } };
    assert.match(payload.note, /^write to /);
    assert.deepEqual(payload.n, [1, 2]);
    assert.match(first[2]?.v ?? '', /vip/);
    assert.ok(first[3]?.v?.startsWith('a line of an ordinary log') && first[3].v.endsWith('and more of it\n') && first[3].v.length > 250_000);
    assert.match(first[4]?.v ?? '', /^‹binary/);
    assert.deepEqual([first[5]?.m, first[6]?.v], [1, '17.50']);
    assert.deepEqual(second.map(({ v, m }) => [v, m]), [['2', 0], ['{"n": [3], "note": "nothing"}', 0], ['{x}', 0], ['plain', 0], [null, 0], ['17', 0], ['12.00', 0]]);
    assert.deepEqual(third.slice(1).map(({ v }) => v), [null, null, null, null, null, null]);
  });

  test('INSERT statements, run by PostgreSQL', async () => {
    const hard = ["O'Neil'); DROP TABLE entries; --", '', ' ', '\\', "\\'", 'a\r\nb', 'größe 🙂', '$$', '%s', '\t', 'NULL', '1e5', "E'\\n'"];
    const rows = hard.map((v, i): ExportCell[] => [{ v: String(i - 3), literal: true }, { v }, { v: i % 2 === 0 ? 'true' : 'false', literal: true }, { v: i % 3 === 0 ? null : '12.50' }]);
    async function* batches(): AsyncGenerator<ExportCell[][]> { yield rows; }
    await exported(sqlInsert('the copy'), ['n', 'my "text"', 'flag', 'amount'], batches());
    await database.run('CREATE TABLE "the copy" (n int, "my ""text""" text, flag boolean, amount numeric)');
    await database.run(readFileSync(path.join(folder, 'out'), 'utf8'));
    assert.deepEqual((await database.query('SELECT * FROM "the copy" ORDER BY n')).map((row) => Object.values(row)), hard.map((v, i) => [i - 3, v, i % 2 === 0, i % 3 === 0 ? null : '12.50']));
  });

  test('a masked export streams whole, and who writes slowly keeps the server waiting', async () => {
    let taken = 0;
    let most = 0;
    async function* slowly(): AsyncGenerator<MaskedPage['rows']> {
      for await (const page of await masked('SELECT id, email, memo FROM customers ORDER BY id')) {
        taken += page.rows.length;
        if (taken === 1000) {
          // The next page has been made, nothing beyond it: the server waits to be asked.
          const waiting = async (): Promise<boolean> => (await database.query("SELECT wait_event FROM pg_stat_activity WHERE query LIKE '%FROM customers ORDER BY id' AND pid <> pg_backend_pid()")).some((r) => r.wait_event === 'ClientRead');
          while (!(await waiting())) most++;
        }
        yield page.rows;
      }
    }
    const outcome = await exported(csv(), ['id', 'email', 'memo'], slowly());
    assert.equal(outcome.rows, 200_000);
    assert.ok(most < 1_000_000);
    const lines = readFileSync(path.join(folder, 'out'), 'utf8').split('\r\n');
    assert.equal(lines.length, 200_002);
    assert.match(lines[200_000] ?? '', /^200000,u\*+@m\*+\.example,note 200000$/);
    rmSync(path.join(folder, 'out'));
    rmSync(path.join(folder, 'out.manifest.json'));
  });

  test('an aborted export leaves no file, and no statement in the server', async () => {
    const stop = new AbortController();
    async function* watched(): AsyncGenerator<MaskedPage['rows']> {
      let rows = 0;
      for await (const page of await masked('SELECT c.id, c.email, d.memo FROM customers c CROSS JOIN customers d', stop.signal)) {
        rows += page.rows.length;
        if (rows >= 5_000) stop.abort(new Error('enough'));
        yield page.rows;
      }
    }
    const before = readdirSync(folder);
    await assert.rejects(exported(csv(), ['id', 'email', 'memo'], watched(), stop.signal), /enough/);
    assert.deepEqual(readdirSync(folder), before);
    const running = async (): Promise<number> => Number((await database.query("SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%CROSS JOIN customers d' AND state = 'active' AND pid <> pg_backend_pid()"))[0]?.n);
    const end = Date.now() + 20_000;
    while ((await running()) > 0) if (Date.now() > end) assert.fail('it still runs');
    const again: Page[] = [];
    for await (const page of open('SELECT 1')) again.push(page);
    assert.deepEqual(again[0]?.rows, [[1]], 'the session goes on');
  });
});
