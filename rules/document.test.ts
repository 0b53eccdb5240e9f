import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entitiesPage, writtenPage } from './document.ts';
import { builtinPacks } from './index.ts';

test('docs/entities.md says what the packs say (else: node rules/document.ts --write)', () => {
  assert.ok(writtenPage() === entitiesPage(builtinPacks()), 'run: node rules/document.ts --write');
});

test('the packs reach the promised breadth', () => {
  const packs = builtinPacks();
  const entities = new Set(packs.flatMap((pack) => pack.rules.map((rule) => rule.entity)));
  const countries = packs.filter((pack) => /^[a-z]{2}$/.test(pack.scope));
  assert.ok(entities.size >= 150 && countries.length >= 60, `${entities.size} entities, ${countries.length} countries`);
  const members = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');
  assert.deepEqual(members.filter((member) => !entities.has(`${member}_VAT_ID`) && !entities.has(`${member}_VAT_CODE`)), [], 'VAT numbers of the Union');
});
