import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from './line-index.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', '\r', '\r\n', ','), maxLength: 40 });

test('after any edits the index says what a fresh one says', () => {
  fc.assert(fc.property(text, fc.array(fc.tuple(fc.nat(60), fc.nat(10), text), { maxLength: 6 }), (initial, edits) => {
    let current = initial;
    const index = new LineIndex(current);
    for (const [at, removed, inserted] of edits) {
      const start = Math.min(at, current.length);
      const end = Math.min(start + removed, current.length);
      current = current.slice(0, start) + inserted + current.slice(end);
      const now = current;
      index.replace(start, end, inserted, now);
      const fresh = new LineIndex(now);
      assert.equal(index.lineCount, fresh.lineCount, JSON.stringify({ initial, edits, now }));
      for (let line = 0; line < fresh.lineCount; line++) assert.equal(index.lineStart(line), fresh.lineStart(line));
    }
  }), { numRuns: 3000 });
});

test('positions agree with the reference implementation of LSP', () => {
  fc.assert(fc.property(text, fc.nat(50), fc.nat(8), fc.nat(12), (content, offset, line, character) => {
    const reference = TextDocument.create('a:b', 'x', 1, content);
    const index = new LineIndex(content);
    assert.equal(index.offsetAt({ line, character }, content), reference.offsetAt({ line, character }));
    const at = Math.min(offset, content.length);
    const position = index.positionAt(at);
    assert.equal(index.lineStart(position.line) + position.character, at);
  }));
});
