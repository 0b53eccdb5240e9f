import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createEventParser, type StreamedEvent } from './event-stream.ts';

function parse(...chunks: readonly string[]): StreamedEvent[] {
  const parser = createEventParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
}

const cases: readonly (readonly [name: string, text: string, events: readonly (readonly [id: string, event: string, data: string])[]])[] = [
  ['one event', 'id: 7\nevent: request\ndata: {}\n\n', [['7', 'request', '{}']]],
  ['several data lines', 'data: a\ndata:b\ndata\n\n', [['', 'message', 'a\nb\n']]],
  ['comments and unknown fields', ': open\nwhatever: x\ndata: 1\n\n', [['', 'message', '1']]],
  ['an event without data is none', 'event: x\n\ndata: 1\n\n', [['', 'message', '1']]],
  ['the id lasts', 'id: 1\ndata: a\n\ndata: b\n\n', [['1', 'message', 'a'], ['1', 'message', 'b']]],
  ['CR and CR LF', 'data: a\r\rdata: b\r\n\r\n', [['', 'message', 'a'], ['', 'message', 'b']]],
  ['a byte order mark', '\uFEFFdata: a\n\n', [['', 'message', 'a']]],
  ['only one leading space is taken', 'data:  a\n\n', [['', 'message', ' a']]],
  ['an id with NUL is ignored', 'id: a\0b\ndata: a\n\n', [['', 'message', 'a']]],
  ['an unfinished event is none', 'data: a\n', []],
];
for (const [name, text, events] of cases) {
  test(name, () => {
    const expected = events.map(([id, event, data]) => ({ id, event, data }));
    assert.deepEqual(parse(text), expected);
    assert.deepEqual(parse(...text), expected, 'one character at a time');
  });
}

test('where a stream is cut does not matter', () => {
  const line = fc.oneof(fc.constantFrom('data: x', 'id: 3', 'event: e', ': c', '', 'data'), fc.string());
  fc.assert(fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), fc.nat(), (lines, end, at) => {
    const text = lines.join(end) + end;
    const cut = at % (text.length + 1);
    assert.deepEqual(parse(text.slice(0, cut), text.slice(cut)), parse(text));
  }));
});

test('the server\'s reconnection time is known', () => {
  const parser = createEventParser();
  parser.push('retry: 1500\n');
  assert.equal(parser.retryMs(), 1500);
});

test('an endless event ends with an error', () => {
  const parser = createEventParser();
  assert.throws(() => { for (let i = 0; i < 9; i += 1) parser.push('x'.repeat(1024 * 1024)); }, RangeError);
});
