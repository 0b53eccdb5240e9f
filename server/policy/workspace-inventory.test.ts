import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inventoryFileName, readInventoryFile } from '#query/inventory/inventory-file.ts';
import { inventoryFile, WorkspaceInventory } from './workspace-inventory.ts';

test('the file of each folder counts, and is parsed again only when it has changed', async () => {
  assert.equal(inventoryFile, inventoryFileName);
  const files = new Map([['file:///a/.pii-gate.inventory.yaml', 'version: 1\ntables:\n  customers:\n    code: { entity: US_SSN, category: user }']]);
  let parsed = 0;
  const inventory = new WorkspaceInventory(async (uri) => files.get(uri), async (text, source) => { parsed += 1; return readInventoryFile(text, source).entries; });
  const folders = ['file:///a', 'file:///b', undefined];
  assert.deepEqual((await inventory.entries(folders)).map((e) => e.column), ['code']);
  await inventory.entries(folders);
  assert.equal(parsed, 1);
  files.set('file:///a/.pii-gate.inventory.yaml', 'version: 1\ntables: {}');
  assert.deepEqual(await inventory.entries(folders), []);
});
