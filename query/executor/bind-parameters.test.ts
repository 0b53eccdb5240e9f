import { test } from 'node:test';
import assert from 'node:assert/strict';
import { DatabaseError } from '#query/drivers/driver.ts';
import { bindParameters } from './bind-parameters.ts';

for (const [dialect, statement, values, sql, bound] of [
  ['postgresql', 'SELECT :a, :b, :a', [1, 2], 'SELECT $1, $2, $1', [1, 2]],
  ['postgresql', 'SELECT $2::text, $1', ['x', 'y'], 'SELECT $1::text, $2', ['x', 'y']],
  ['postgresql', "SELECT a::int, ':no', $$:no$$ /* :no */ FROM t WHERE b = :yes -- :no", [1], "SELECT a::int, ':no', $$:no$$ /* :no */ FROM t WHERE b = $1 -- :no", [1]],
  ['mariadb', 'SELECT :a, ?, :a', [1, null], 'SELECT ?, ?, ?', [1, null, 1]],
  ['sqlite', 'SELECT @a, $b, :c', [1, 2, 3], 'SELECT ?, ?, ?', [1, 2, 3]],
  ['sqlserver', 'SELECT @a, @@version, @a', ['v'], 'SELECT @p1, @@version, @p1', ['v']],
  ['sqlite', 'SELECT 1', [], 'SELECT 1', []],
] as const) {
  test(`${dialect}: ${statement}`, () => assert.deepEqual(bindParameters(statement, dialect, values), { sql, values: bound }));
}

test('a wrong number of values is told', () => {
  for (const values of [[1], [1, 2, 3]]) assert.throws(() => bindParameters('SELECT :a, :b', 'sqlite', values), (e) => e instanceof DatabaseError && /2 parameters/.test(e.message));
});
