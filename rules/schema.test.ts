/** The shipped packs follow their schema, and what the schema can't say holds too. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { validators } from '#core/validators/index.ts';
import { builtinPacks } from './index.ts';

const folder = new URL('.', import.meta.url);

test('every pack follows the schema', () => {
  const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync(new URL('rule-pack.schema.json', folder), 'utf8')));
  const problems = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => (validate(parse(readFileSync(new URL(name, folder), 'utf8'))) ? [] : (validate.errors ?? []).map((error) => `${name} ${error.instancePath} ${error.message}`)));
  assert.deepEqual(problems, []);
});

test('every rule is complete and refers to what exists', () => {
  const problems: string[] = [];
  const ids = new Set<string>();
  for (const pack of builtinPacks()) {
    for (const rule of pack.rules) {
      const say = (what: string): number => problems.push(`${rule.id}: ${what}`);
      if (ids.has(rule.id)) say('id is used twice');
      ids.add(rule.id);
      if (!rule.id.startsWith(`${pack.scope}/`)) say(`id does not begin with the scope ${pack.scope}`);
      for (const field of ['category', 'regulations', 'severity', 'patterns', 'mask'] as const) if (rule[field] === undefined) say(`has no ${field}`);
      if (rule.validator !== undefined && !validators.has(rule.validator)) say(`no validator ${rule.validator}`);
      if (rule.patterns.length === 0 && rule.nameOnly === undefined && (rule.names ?? []).length === 0) say('can never fire');
      if (rule.examples.ok.length < 2 || rule.examples.ng.length < 2) say('needs two examples of either kind');
      for (const pattern of rule.patterns) if (pattern.score > 0.9) say(`pattern ${pattern.name} is too sure of itself`);
    }
  }
  assert.deepEqual(problems, []);
});

/** Categories of GDPR art. 9(1); outside the EU the country's own law stands in its place. */
const SPECIAL = /^user\.(?:biometric|health_and_medical|demographic\.(?:race_ethnicity|religious_belief|political_opinion|sexual_orientation))/;

test('special categories, cards and identifiers of patients name their law', () => {
  const problems: string[] = [];
  for (const { scope, rules } of builtinPacks()) {
    for (const { id, entity, category, regulations } of rules) {
      const names = (law: RegExp): boolean => regulations.some((regulation) => law.test(regulation));
      const european = /^(?:generic|names|credentials)$/.test(scope) || names(/GDPR/);
      if (SPECIAL.test(category) && european && !names(/Art\. 9/) && !['SIGNATURE', 'PHOTO'].includes(entity)) problems.push(`${id}: GDPR Art. 9`);
      if (category === 'user.financial.credit_card' && !names(/PCI DSS/)) problems.push(`${id}: PCI DSS`);
      if (/^(?:PERSON|ADDRESS|DATE_OF_BIRTH|PHONE_NUMBER|EMAIL_ADDRESS|IP_ADDRESS|MAC_ADDRESS|VIN|LICENSE_PLATE|DEVICE_ID|IMEI|ACCOUNT_NUMBER|HEALTH_PLAN_NUMBER|MEDICAL_RECORD_NUMBER|US_SSN|US_DRIVER_LICENSE|PHOTO|BIOMETRIC_IDENTIFIER)$/.test(entity) && !names(/HIPAA/)) problems.push(`${id}: HIPAA identifier (45 CFR 164.514(b)(2)(i))`);
    }
  }
  assert.deepEqual(problems, []);
});

test('every validator is used by a rule', () => {
  const used = new Set(builtinPacks().flatMap((pack) => pack.rules.map((rule) => rule.validator)));
  assert.deepEqual([...validators.keys()].filter((name) => !used.has(name)), []);
});
