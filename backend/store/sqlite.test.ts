/** The embedded store: the common suite, a consistent copy of a live store, migrations, two processes' worth of connections. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { storeSuite } from '../testing/store-suite.ts';
import { backupSqlite, openSqliteStore } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));

storeSuite(() => openSqliteStore(join(folder, 'gate.db')), (store) => store.close());

test('a backup of a live store is a store', async () => {
  const store = await openSqliteStore(join(folder, 'gate.db'));
  try {
    const head = await store.read.auditHead();
    assert.ok(head.seq > 0);
    await backupSqlite(join(folder, 'gate.db'), join(folder, 'copy.db'));
    const copy = await openSqliteStore(join(folder, 'copy.db'));
    assert.deepEqual(await copy.read.auditHead(), head);
    await copy.close();
  } finally {
    await store.close();
  }
});

test('a store of a newer version is not touched', async () => {
  const path = join(folder, 'newer.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 99');
  database.close();
  await assert.rejects(openSqliteStore(path), /newer version/);
});
