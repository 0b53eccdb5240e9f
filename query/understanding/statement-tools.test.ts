import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createCatalogue } from '#core/statement/catalogue.ts';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import { builtinPacks } from '#rules';
import { createStatementTools } from './statement-tools.ts';

const detector = createDetector(builtinPacks(), createRe2());
const tools = await createStatementTools({});
const catalogueOf = () => createCatalogue({ names: { folding: 'insensitive', searchPath: ['s'] }, tables: [{ schema: 's', name: 'customers', kind: 'table', columns: [{ name: 'code' }, { name: 'email' }] }] });
const entry = (verdict: InventoryEntry['verdict'], source: InventoryEntry['source'] = 'user'): InventoryEntry => ({ schema: 's', table: 'customers', column: 'code', verdict, source });
const code = (entries: readonly InventoryEntry[], catalogue = shared) => tools.inventory(detector, entries, catalogue).sensitivity({ schema: 's', name: 'customers' }, 'code')?.entity;
const shared = catalogueOf();

test('the same catalogue and entries of the same content give the same inventory', () => {
  assert.equal(tools.inventory(detector, [entry(null)], shared), tools.inventory(detector, [entry(null)], shared));
});

test('any change of entries, catalogue or detector is heeded', () => {
  assert.equal(code([]), undefined);
  assert.equal(code([entry({ entity: 'PERSON', category: 'user.name' })]), 'PERSON');
  assert.equal(code([entry({ entity: 'US_SSN', category: 'user.name' })]), 'US_SSN');
  assert.equal(code([entry({ entity: 'US_SSN', category: 'user.name' }), entry({ entity: 'IBAN_CODE', category: 'user.financial' }, 'policy')]), 'IBAN_CODE');
  assert.equal(code([entry(null)]), undefined);
  assert.notEqual(tools.inventory(detector, [], shared), tools.inventory(detector, [], catalogueOf()));
  assert.notEqual(tools.inventory(detector, [], shared), tools.inventory(createDetector(builtinPacks(), createRe2()), [], shared));
});
