import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readGatewayOutput } from './gateway-output.ts';

for (const [name, output, columns, rows] of [
  ['a table', 'id\tname\n1\tAnn\n2\tNULL\n', ['id', 'name'], [['1', 'Ann'], ['2', null]]],
  ['psql with its footer', 'id\tname\r\n1\tAnn\r\n(1 row)\r\n', ['id', 'name'], [['1', 'Ann']]],
  ['a header alone', 'id\tname\n', ['id', 'name'], []],
  ['text', 'done\nall well', ['output'], [['done'], ['all well']]],
  ['ragged lines', 'a\tb\n1\n', ['output'], [['a\tb'], ['1']]],
  ['nothing', '', ['output'], []],
] as const) {
  test(`a gateway's output: ${name}`, () => {
    const table = readGatewayOutput(output);
    assert.deepEqual(table.columns.map((c) => c.name), columns);
    assert.deepEqual(table.rows, rows);
  });
}
