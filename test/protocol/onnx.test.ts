import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TestClient, words } from './client.ts';
import { writeTinyModel } from './tiny-model.ts';

const runtime = fileURLToPath(new URL('../../node_modules/onnxruntime-web', import.meta.url));
const uri = 'file:///w/ticket.md';
const text = '😀 The parcel went to qwentil marvow in velbert.\n';

suite('a local model beside the engine', () => {
  let folder: string;
  let client: TestClient;
  let onnx: Record<string, unknown>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pii-gate-model-'));
    writeTinyModel(folder, { qwentil: 'B-PER', marvow: 'I-PER', velbert: 'B-CITY' });
    onnx = { enable: true, runtime, model: folder, labels: { CITY: 'LOCATION' } };
    client = await TestClient.start({ settings: () => ({ providers: { onnx } }) });
    await client.open(uri, 'markdown', text);
  });
  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true });
  });

  const refreshed = async (ask: () => Promise<unknown>): Promise<void> => {
    const had = client.refreshes;
    await ask();
    await client.until(() => (client.refreshes > had ? true : undefined));
  };

  test('its people and places are found, in UTF-16 places', async () => {
    await refreshed(() => client.diagnostics(uri));
    const found = await client.diagnostics(uri);
    assert.deepEqual(found.map(({ code, range }) => `${code} ${range.start.character}-${range.end.character}`), ['PERSON 22-36', 'LOCATION 40-47']);
    const hover = await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 25 } });
    assert.match(JSON.stringify(hover), /the local model recognised it/);
  });

  const broken: readonly (readonly [string, () => void, RegExp])[] = [
    ['a runtime that is not there', () => (onnx = { ...onnx, runtime: join(folder, 'nothing') }), /is no package: install onnxruntime-web there/],
    ['a model without labels', () => {
      onnx = { ...onnx, runtime, timeoutMs: 40_000 };
      writeFileSync(join(folder, 'config.json'), '{}');
    }, /has no id2label/],
    ['a tokenizer of another kind', () => {
      onnx = { ...onnx, timeoutMs: 50_000 };
      writeFileSync(join(folder, 'tokenizer.json'), '{"model":{"type":"Unigram"}}');
    }, /holds a Unigram tokenizer/],
  ];
  for (const [name, spoil, message] of broken) {
    test(`${name} is said in the document`, async () => {
      spoil();
      await refreshed(() => client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null }));
      await refreshed(() => client.diagnostics(uri));
      const found = await client.diagnostics(uri);
      assert.deepEqual(found.map(({ code }) => code), ['SCAN_LIMIT']);
      assert.match(words(found[0]!), message);
      assert.doesNotMatch(words(found[0]!), /qwentil/);
    });
  }
});
