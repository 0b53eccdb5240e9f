import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadParsers } from './create.ts';

const parsers = await loadParsers();

test('the generic parser parses again after a trap', () => {
  const deep = `select 1${' or 1'.repeat(6000)}`;
  assert.deepEqual(parsers.generic(deep, 'sqlite'), { ok: false, failure: 'crashed' });
  assert.equal(parsers.generic('select 1', 'sqlite').ok, true);
});

test('a text that keeps the parser busy is given up, and the next one is parsed', () => {
  assert.deepEqual(parsers.generic(`select a where ${'cube('.repeat(40)}1`, 'sqlserver'), { ok: false, failure: 'crashed' });
  assert.equal(parsers.generic('select 1', 'sqlserver').ok, true);
});

test('the PostgreSQL parser parses again after a stack overflow', async () => {
  const deep = `select ''${"||'a'".repeat(60_000)}`;
  assert.deepEqual(parsers.postgresql(deep), { ok: false, failure: 'crashed' });
  await parsers.ready();
  assert.equal(parsers.postgresql('select 1').ok, true);
});

test('a syntax error is a value', () => {
  for (const dialect of ['sqlite', 'mysql', 'mariadb', 'sqlserver', 'trino'] as const) {
    assert.deepEqual(parsers.generic('selec 1 fro', dialect), { ok: false, failure: 'syntax' });
  }
  assert.deepEqual(parsers.postgresql('selec 1 fro'), { ok: false, failure: 'syntax' });
});
