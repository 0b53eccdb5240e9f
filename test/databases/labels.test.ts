/**
 * What already says that a column is personal, on a real PostgreSQL: security labels of PostgreSQL Anonymizer, Fides
 * datasets, an inventory file, a user, the policy. The extension itself is not to be had here, and `SECURITY LABEL` needs a
 * loaded provider: the labels are written into `pg_seclabel`, the very rows that the extension's statements leave there.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import type { Catalogue } from '#core/statement/catalogue.ts';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import type { Session } from '#query/drivers/driver.ts';
import { createPostgresDriver } from '#query/drivers/postgres.ts';
import { readFidesDatasets } from '#query/inventory/fides.ts';
import { createStatementTools, loadCatalogue } from '#query/understanding/statement-tools.ts';
import { understand } from '#query/understanding/understand.ts';
import { builtinPacks } from '#rules';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

const detector = createDetector(builtinPacks(), createRe2());
const tools = await createStatementTools({});
let database: StartedDatabase;
let session: Session;
let catalogue: Catalogue;

const labels = { c1: 'MASKED WITH FUNCTION anon.fake_email()', c2: "MASKED WITH VALUE 'CONFIDENTIAL'", c3: 'NOT MASKED', email: 'NOT MASKED', nick: 'MASKED WITH FUNCTION anon.partial(nick,1,$$**$$,1)' };
before(async () => {
  database = await startPostgres();
  await database.run('CREATE TABLE people (id int, c1 text, c2 text, c3 text, email text, nick text, plain text)');
  await database.run('CREATE VIEW seen AS SELECT id, c1 AS a FROM people');
  await database.run('CREATE TABLE parts (k int, v text) PARTITION BY LIST (k)');
  await database.run('CREATE TABLE part_one PARTITION OF parts FOR VALUES IN (1)');
  const label = (table: string, column: string, provider: string, text: string): Promise<void> => database.run(
    `INSERT INTO pg_catalog.pg_seclabel SELECT attrelid, 'pg_class'::regclass, attnum, '${provider}', '${text.replaceAll("'", "''")}' FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attname = '${column}'`);
  for (const [column, text] of Object.entries(labels)) await label('people', column, 'anon', text);
  await label('people', 'plain', 'other_provider', 'MASKED WITH FUNCTION x()');
  await label('parts', 'v', 'anon', 'MASKED WITH FUNCTION anon.fake_last_name()');
  session = await createPostgresDriver().connect(database.settings, database.password);
  catalogue = await loadCatalogue(session);
});
after(async () => {
  await session?.close();
  await database?.stop();
});

const said = (column: string, entries: readonly InventoryEntry[] = [], table = 'people'): string => {
  const found = tools.inventory(detector, entries, catalogue).sensitivity({ schema: 'public', name: table }, column);
  return found ? `${found.entity} ${found.source}` : 'nothing';
};

test('the statement itself needs a provider, which is not here', async () => {
  await assert.rejects(database.run("SECURITY LABEL FOR anon ON COLUMN people.c1 IS 'MASKED WITH FUNCTION anon.fake_email()'"), /security label provider "anon" is not loaded/);
});

for (const [column, expected] of [['c1', 'EMAIL_ADDRESS label'], ['c2', 'PERSONAL_DATA label'], ['c3', 'nothing'], ['email', 'EMAIL_ADDRESS name'], ['nick', /label$/], ['plain', 'nothing'], ['id', 'nothing']] as const) {
  test(`label of ${column}`, () => {
    if (typeof expected === 'string') assert.equal(said(column), expected);
    else assert.match(said(column), expected);
  });
}

test('a label of a partitioned table holds for its partitions', () => { assert.match(said('v', [], 'part_one'), /label$/); });

test('a labelled column asks, through a view too', () => {
  const sensitive = (sql: string): boolean => understand(sql, { analyser: tools.analyser, detector, catalogue, inventory: tools.inventory(detector, [], catalogue), dialect: 'postgresql' }).assessment.sensitive;
  assert.deepEqual(['SELECT c1 FROM people', 'SELECT a FROM seen', 'SELECT id FROM people WHERE c2 = $1', 'SELECT v FROM part_one', 'SELECT c3, plain FROM people', 'SELECT id FROM seen'].map(sensitive), [true, true, true, true, false, false]);
});

test('who has the last word: policy, user, inventory, label, name', () => {
  const entry = (column: string, entity: string | null, source: InventoryEntry['source']): InventoryEntry => ({ schema: 'public', table: 'people', column, verdict: entity === null ? null : { entity, category: 'user' }, source });
  assert.equal(said('c1', [entry('c1', 'PERSON', 'inventory')]), 'PERSON inventory');
  assert.equal(said('c1', [entry('c1', 'PERSON', 'inventory'), entry('c1', 'US_SSN', 'user')]), 'US_SSN user');
  assert.equal(said('c1', [entry('c1', 'US_SSN', 'user'), entry('c1', 'IBAN_CODE', 'policy')]), 'IBAN_CODE policy');
  assert.equal(said('email', [entry('email', null, 'user')]), 'nothing', 'a correction clears what only a name says');
  assert.match(said('c1', [entry('c1', null, 'user')]), /label$/, 'but not what the database itself is labelled with');
});

test('a Fides dataset names columns by category', () => {
  const { entries, problems } = readFidesDatasets(`dataset:
  - fides_key: shop
    name: Shop
    collections:
      - name: people
        fields:
          - name: plain
            data_categories: [user.contact.email]
          - name: id
            data_categories: [system.operations]
`, 'fides.yml', detector.entities());
  assert.deepEqual(problems, []);
  assert.equal(said('plain', entries), 'EMAIL_ADDRESS inventory');
  assert.equal(said('id', entries), 'nothing');
});
