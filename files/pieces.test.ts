import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createEngine, type FileEngine, readPolicy } from './engine.ts';
import { pieces } from './pieces.ts';
import { place } from './place.ts';
import { scanLarge } from './scan-large.ts';

suite('a file in pieces', () => {
  let folder: string;
  let engine: FileEngine;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pii-gate-pieces-'));
    engine = createEngine(readPolicy({ name: 'p', text: '' }).policy, {});
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const scan = (path: string, pieceBytes: number) => scanLarge(path, path, 0, engine, { mark: (finding) => finding, pieceBytes });

  test('every unit comes in exactly one share, whatever the sizes', () => {
    const text = `${'é😀ab,'.repeat(700)}\nshort\n${'x'.repeat(5000)}\n\nend`;
    for (const size of [701, 1024, 4000, 9000, 1 << 20]) {
      let seen = '';
      for (const piece of pieces(file('share.txt', text), assert.fail, size)) {
        assert.equal(piece.base + piece.from, seen.length);
        seen += piece.text.slice(piece.from, piece.to);
      }
      assert.equal(seen, text);
    }
  });

  test('offsets, lines and columns are those of the whole', () => {
    const line = 'é x😀 filler text that is not personal at all, ';
    const text = Array.from({ length: 60 }, (_, index) => `${line.repeat(index % 7)}mail person${index}@acme-shop.com ${index % 5 === 0 ? line.repeat(40) : ''}\n`).join('');
    const whole = place(text, engine.detector.scan(text, engine.options).findings).map(({ start, line: at, column }) => [start, at, column]);
    assert.equal(whole.length, 60);
    for (const size of [1500, 4096]) {
      const found = scan(file('places.txt', text), size).findings.map(({ start, line: at, column }) => [start, at, column]);
      assert.deepEqual(found, whole);
    }
  });

  test('a table keeps its head', () => {
    const rows = Array.from({ length: 300 }, (_, index) => `${index},${'536-90-4'}${String(100 + (index % 800)).padStart(3, '0')},x`).join('\n');
    const path = file('table.csv', `id,ssn,note\n${rows}\n`);
    const found = scan(path, 2048);
    assert.equal(found.findings.length, 300);
    assert.deepEqual([...new Set(found.findings.map(({ entity, column }) => `${entity} ${column > 1}`))], ['US_SSN true']);
    assert.deepEqual(found.findings.map(({ line }) => line), Array.from({ length: 300 }, (_, index) => index + 2));
  });

  test('binary files are named, not scanned', () => {
    assert.deepEqual(scan(file('b.bin', Buffer.alloc(3000)), 1000), { path: join(folder, 'b.bin'), findings: [], limits: [{ kind: 'binary', why: 'holds NUL bytes' }], bytes: 0 });
  });
});
