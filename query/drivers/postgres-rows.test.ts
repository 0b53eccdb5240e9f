import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RowCapture } from './postgres-rows.ts';
import type { RawRow } from './driver.ts';
import type { WireKind } from './wire-rows.ts';

const kinds: readonly WireKind[] = ['text', 'digits'];

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function dataRow(values: readonly (string | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeInt16BE(values.length);
  return message('D', Buffer.concat([count, ...values.map((value) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : Buffer.byteLength(value));
    return Buffer.concat([length, Buffer.from(value ?? '')]);
  })]));
}

/** Pushes `bytes` in pieces that end at `cuts`, and gives what was passed on. */
function pushCut(capture: RowCapture, bytes: Buffer, cuts: readonly number[]): void {
  const at = [...new Set([0, ...cuts.map((c) => c % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  at.slice(1).forEach((end, i) => { capture.push(bytes.subarray(at[i] ?? 0, end)); });
}

const cell = fc.option(fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constant(''), fc.constant('D'.repeat(70_000))), { nil: null });
const stream = fc.array(fc.oneof(
  { weight: 4, arbitrary: fc.record({ row: fc.tuple(cell, cell) }) },
  { weight: 1, arbitrary: fc.record({ other: fc.tuple(fc.constantFrom('N', 'S', 's', 'Z', '2', 'C'), fc.string({ maxLength: 9 })) }) },
), { maxLength: 30 });

test('however the socket cuts the bytes, rows are kept whole and everything else is passed on as it came', () => {
  fc.assert(fc.property(stream, fc.array(fc.nat(200_000), { maxLength: 20 }), (messages, cuts) => {
    const passed: Buffer[] = [];
    const capture = new RowCapture((bytes) => { passed.push(Buffer.from(bytes)); });
    capture.start();
    const bytes = Buffer.concat(messages.map((m) => ('row' in m ? dataRow(m.row) : message(m.other[0], Buffer.from(m.other[1])))));
    pushCut(capture, bytes, cuts);
    const rows = capture.take(kinds);
    const expected: RawRow[] = messages.flatMap((m) => ('row' in m ? [m.row] : []));
    assert.deepEqual(rows.first(rows.length), expected);
    for (const [i, row] of expected.entries()) assert.deepEqual([rows.value(i, 0), rows.value(i, 1), rows.value(i, 2)], [...row, null]);
    assert.deepEqual(Buffer.concat(passed), Buffer.concat(messages.flatMap((m) => ('other' in m ? [message(m.other[0], Buffer.from(m.other[1]))] : []))));
    assert.equal(capture.take(kinds).length, 0);
  }), { numRuns: 200 });
});

test('rows are passed on as well while nothing is captured, even when the capture begins and ends in the middle of the stream', () => {
  const passed: Buffer[] = [];
  const capture = new RowCapture((bytes) => { passed.push(Buffer.from(bytes)); });
  const row = dataRow(['a', '1']);
  pushCut(capture, Buffer.concat([row, row]), [3, 9]);
  assert.deepEqual(Buffer.concat(passed), Buffer.concat([row, row]));
  capture.start();
  pushCut(capture, row, [1, 2]);
  assert.deepEqual(capture.take(kinds).first(5), [['a', '1']]);
  capture.stop();
  capture.push(row);
  assert.deepEqual(Buffer.concat(passed), Buffer.concat([row, row, row]));
});
