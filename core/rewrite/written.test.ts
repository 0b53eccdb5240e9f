import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDetector } from '../engine/create.ts';
import { createRe2 } from '../engine/re2.ts';
import { createMasker } from '../masking/create.ts';
import { builtinPacks } from '#rules';
import { syntaxOf } from './language-syntax.ts';
import { maskEdits } from './mask-edits.ts';

const detector = createDetector(builtinPacks(), createRe2());
const masker = createMasker(new Uint8Array(32), detector);

function masked(text: string, filename: string, by: string): string {
  const { findings } = detector.scan(text, { filename });
  const fixed = { ...masker, replace: (value: string, entity: string) => (by === '' ? masker.replace(value, entity, { kind: 'mask' }) : by) };
  let result = text;
  for (const edit of [...maskEdits(text, findings, () => ({ kind: 'mask' }), fixed, syntaxOf('', filename))].reverse()) result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  return result;
}

/** What a hostile replacement would break. */
const HOSTILE = `a&b=c"'\\\n,;<%`;

test('in a query the mask sees the decoded value and is encoded again', () => {
  const text = 'GET /u?email=ana.perez%40corp.io&name=x&first_name=Ana+Mar%C3%ADa&phone=+4930901820&last_name=Meyer HTTP/1.1';
  const url = (line: string): URL => new URL(line.split(' ')[1]!, 'http://x');
  const plain = url(masked(text, 'a.log', ''));
  assert.match(plain.searchParams.get('email')!, /^a\*+@c?\**.*$/);
  const hostile = url(masked(text, 'a.log', HOSTILE));
  assert.deepEqual([...hostile.searchParams.keys()], ['email', 'name', 'first_name', 'phone', 'last_name']);
  for (const key of ['email', 'first_name', 'last_name']) assert.equal(hostile.searchParams.get(key), HOSTILE, key);
});

test('JSON in JSON stays JSON, twice', () => {
  const text = JSON.stringify({ body: JSON.stringify({ email: 'ana.perez@corp.io', ssn: '536904399', n: 1 }) });
  for (const by of ['', HOSTILE]) {
    const outer = JSON.parse(masked(text, 'a.json', by)) as { body: string };
    const inner = JSON.parse(outer.body) as { email: string; ssn: string; n: number };
    assert.doesNotMatch(JSON.stringify(inner), /ana\.perez|536904399/);
    assert.equal(inner.n, 1);
  }
});

test('escaped strings are masked whole', () => {
  const text = '{"contact": "ana.perez\\u0040corp.io"}';
  assert.doesNotMatch((JSON.parse(masked(text, 'a.json', '')) as { contact: string }).contact, /perez/);
});

test('a notebook stays a notebook', () => {
  const text = JSON.stringify({ cells: [{ cell_type: 'code', source: ["row = {\n", "  'ssn': '536-90-4399',\n", "  'email': \"ana.perez@corp.io\"}\n"], outputs: [{ output_type: 'stream', text: ['ssn = 536-90-4399\n'] }] }], metadata: { kernelspec: { language: 'python' } }, nbformat: 4 });
  for (const by of ['', HOSTILE]) {
    const notebook = JSON.parse(masked(text, 'a.ipynb', by)) as { cells: { source: string[]; outputs: { text: string[] }[] }[] };
    assert.doesNotMatch(JSON.stringify(notebook), /536-90-4399|ana\.perez/);
    assert.equal(notebook.cells[0]!.source.length, 3);
  }
});

test('a diff stays a diff: the same lines, the same margins', () => {
  const text = 'diff --git a/u.csv b/u.csv\n--- a/u.csv\n+++ b/u.csv\n@@ -1,2 +1,2 @@\n id,last_name,ssn\n-1,Meyer,536904399\n+1,Maier,536904399\n';
  for (const by of ['', HOSTILE]) {
    const result = masked(text, 'a.diff', by);
    assert.doesNotMatch(result, /Meyer|Maier|536904399/);
    assert.deepEqual(result.split('\n').map((line) => line[0]), text.split('\n').map((line) => line[0]));
    assert.deepEqual(result.split('\n').map((line) => line.split(',').length), text.split('\n').map((line) => line.split(',').length));
  }
});
