import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { builtinPacks } from '#rules';
import { loadCatalogue } from '../catalogue/load.ts';
import { createSqliteDriver } from '../drivers/sqlite.ts';
import { readFidesDatasets, writeFidesDataset } from './fides.ts';
import { readInventoryFile, writeInventoryFile } from './inventory-file.ts';
import { scanCatalogue } from './scan.ts';

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-inventory-'));
const file = join(folder, 'a.db');
const database = new DatabaseSync(file);
database.exec('CREATE TABLE customers (id INTEGER, email TEXT, remark TEXT, nick TEXT); CREATE TABLE letters (id INTEGER, code TEXT, body TEXT)');
for (let i = 0; i < 40; i += 1) database.prepare('INSERT INTO letters VALUES (?, ?, ?)').run(i, `somebody.${i}@corp-mail-${i}.de`, 'hello');
database.close();
const detector = createDetector(builtinPacks(), createRe2());
const session = await createSqliteDriver(join(import.meta.dirname, '../drivers/sqlite-process.ts')).connect({ id: 'a', name: 'a', dialect: 'sqlite', environment: 'staging', file }, '');
const catalogue = await loadCatalogue(session);
after(async () => { await session.close(); rmSync(folder, { recursive: true }); });

const short = (entries: Awaited<ReturnType<typeof scanCatalogue>>['entries']): readonly string[] => entries.map((e) => `${e.table}.${e.column} ${e.verdict?.entity ?? 'none'} ${e.source}`);

test('a scan by names and sampled values, corrections first', async () => {
  const known = [{ table: 'customers', column: 'nick', verdict: null, source: 'user' as const }];
  const byName = await scanCatalogue({ catalogue, detector, known });
  assert.deepEqual(short(byName.entries), ['customers.nick none user', 'customers.email EMAIL_ADDRESS name']);
  const sampled = await scanCatalogue({ catalogue, detector, known, sampling: { session, environment: 'staging' } });
  assert.deepEqual(short(sampled.entries), ['customers.nick none user', 'customers.email EMAIL_ADDRESS name', 'letters.code EMAIL_ADDRESS sample']);
  assert.equal(sampled.sampled, 2);
  assert.ok(!JSON.stringify(sampled).includes('somebody'));
});

test('production is not sampled unless somebody says so, and that is said', async () => {
  const result = await scanCatalogue({ catalogue, detector, known: [], sampling: { session, environment: 'production' } });
  assert.equal(result.sampled, 0);
  assert.deepEqual(result.skipped.map((s) => s.why), ['values are not sampled on production', 'values are not sampled on production']);
});

test('the file reads back as it was written', async () => {
  const { entries } = await scanCatalogue({ catalogue, detector, known: [{ table: 'customers', column: 'nick', verdict: null, source: 'user' }] });
  const text = writeInventoryFile(entries);
  const read = readInventoryFile(text, 'x.yaml');
  assert.deepEqual(read.problems, []);
  assert.deepEqual([...short(read.entries)].sort(), [...short(entries)].sort());
  assert.equal(writeInventoryFile(read.entries), text);
});

const broken: readonly (readonly [text: string, problem: string])[] = [
  ['version: 2\ntables: {}', '1:1 x.yaml: expected `version: 1`'],
  ['version: 1\ntables:\n  a: 3', '3:3 x.yaml: `a` must map column names to verdicts'],
  ['version: 1\ntables:\n  a:\n    b: { entity: email }', "4:5 x.yaml: `entity` of b must be an entity's id such as EMAIL_ADDRESS"],
  ['version: 1\ntables:\n  a:\n    b: { entity: X, confidence: 7 }', '4:5 x.yaml: `confidence` of b must be a number from 0 to 1'],
  ['- 1', '1:1 x.yaml: expected a mapping with `version: 1` and `tables`'],
];
for (const [text, problem] of broken) {
  test(`a file with a mistake: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(readInventoryFile(text, 'x.yaml').problems.map((p) => `${p.line}:${p.column} ${p.message}`), [problem]);
  });
}

test('Fides datasets, in and out', () => {
  const text = `dataset:
  - fides_key: shop
    collections:
      - name: people
        fields:
          - name: mail
            data_categories: [user.contact.email]
          - name: profile
            data_categories: [user]
            fields:
              - name: nick
          - name: created
            data_categories: [system.operations]
`;
  const { entries, problems } = readFidesDatasets(text, 'f.yaml', detector.entities());
  assert.deepEqual(problems, []);
  assert.deepEqual(entries.map((e) => `${e.column} ${e.verdict?.entity}`), ['mail EMAIL_ADDRESS', 'profile PERSONAL_DATA', 'profile.nick PERSONAL_DATA']);
  const again = readFidesDatasets(writeFidesDataset('Shop', entries), 'g.yaml', detector.entities());
  assert.deepEqual(again.entries.map((e) => e.column), ['mail', 'profile', 'profile.nick']);
  assert.deepEqual(readFidesDatasets('a: 1', 'f.yaml', []).problems.map((p) => p.message), ['f.yaml: expected a list under `dataset`']);
});
