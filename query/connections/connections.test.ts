import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Session } from '../drivers/driver.ts';
import { createSqliteDriver } from '../drivers/sqlite.ts';
import { Connections } from './connections.ts';

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-connections-'));
const file = join(folder, 'a.db');
new DatabaseSync(file).exec('CREATE TABLE t (i INTEGER)');
const driver = createSqliteDriver(join(import.meta.dirname, '../drivers/sqlite-process.ts'));
const connections = new Connections(() => Promise.resolve(driver), loadCatalogue, () => Date.now());
connections.configure([{ id: 'a', name: 'A', dialect: 'sqlite', environment: 'development', file, readOnly: false }], {});
after(async () => {
  await connections.dispose();
  rmSync(folder, { recursive: true });
});

async function rows(session: Session, sql: string): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const page of session.execute(sql, [], { maxRows: 10, pageSize: 10 })) found.push(...page.rows);
  return found;
}

test('a session is kept for the next piece of work', async () => {
  const first = await connections.acquire('a');
  first.release();
  const second = await connections.acquire('a');
  assert.equal(second.session, first.session);
  second.release();
});

test('one that a statement may have left something in is not: the next one is fresh, and waits for nothing of it', async () => {
  const first = await connections.acquire('a');
  await rows(first.session, 'CREATE TEMP TABLE left_behind AS SELECT 1 AS i');
  first.release(false, true);
  const second = await connections.acquire('a');
  assert.notEqual(second.session, first.session);
  await assert.rejects(rows(second.session, 'SELECT i FROM left_behind'), /no such table/);
  second.release();
  const third = await connections.acquire('a');
  assert.equal(third.session, second.session, 'a harmless one is kept again');
  third.release();
});

test('a broken one is never given out again', async () => {
  const [first, second] = await Promise.all([connections.acquire('a'), connections.acquire('a')]);
  second.release();
  first.release(true);
  const third = await connections.acquire('a');
  assert.equal(third.session, second.session);
  const fourth = await connections.acquire('a');
  assert.ok(fourth.session !== first.session && fourth.session !== second.session);
  third.release();
  fourth.release(true);
});

test('a manual transaction keeps its session, whatever was left in it', async () => {
  await connections.transaction('a', 'begin');
  const first = await connections.acquire('a');
  await assert.rejects(connections.acquire('a'), /Another statement runs/);
  first.release(false, true);
  const second = await connections.acquire('a');
  assert.equal(second.session, first.session);
  second.release();
  assert.equal(await connections.transaction('a', 'rollback'), false);
});

test('settings that are gone take their sessions along', async () => {
  const lease = await connections.acquire('a');
  connections.configure([], {});
  lease.release(false, true);
  await assert.rejects(connections.acquire('a'), /no connection "a"/);
});
