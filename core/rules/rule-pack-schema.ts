/** JSON schema of a rule pack, for the loader. `rules/rule-pack.schema.json` says the same to editors. */
import type { JsonSchema } from '../policy/checked-yaml.ts';
import { maskSchema } from '../policy/workspace-policy-schema.ts';

const words: JsonSchema = { type: 'array', items: { type: 'string' } };
const anchor: JsonSchema = {
  oneOf: [
    { type: 'object', additionalProperties: false, required: ['kind', 'min', 'max'], properties: { kind: { const: 'digits' }, min: { type: 'integer', minimum: 1 }, max: { type: 'integer', minimum: 1 } } },
    { type: 'object', additionalProperties: false, required: ['kind', 'any'], properties: { kind: { const: 'literal' }, any: { ...words, minItems: 1 } } },
    { type: 'object', additionalProperties: false, required: ['kind', 'min', 'max'], properties: { kind: { const: 'alnum' }, min: { type: 'integer', minimum: 1 }, max: { type: 'integer', minimum: 1 } } },
    { type: 'object', additionalProperties: false, required: ['kind', 'any', 'within'], properties: { kind: { const: 'keyword' }, any: { ...words, minItems: 1 }, within: { type: 'integer', minimum: 1, maximum: 1000 } } },
  ],
};
const example: JsonSchema = {
  oneOf: [
    { type: 'string' },
    { type: 'object', additionalProperties: false, required: ['text'], properties: { text: { type: 'string' }, languageId: { type: 'string' }, filename: { type: 'string' } } },
  ],
};

const pattern: JsonSchema = {
  type: 'object', additionalProperties: false, required: ['name', 'regex', 'score'],
  properties: { name: { type: 'string' }, regex: { type: 'string' }, score: { type: 'number', minimum: 0, maximum: 1 }, anchor, ignoreCase: { type: 'boolean' }, maxGain: { type: 'number', minimum: 1 }, boundary: { enum: ['word', 'digit', 'none'] } },
};

const ruleProperties: Readonly<Record<string, JsonSchema>> = {
  id: { type: 'string', pattern: '^[a-z][a-z0-9-]*/[a-z0-9][a-z0-9-]*$', description: '`<scope>/<name>`' },
  entity: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', description: 'upper case with underscores' },
  title: { type: 'string' },
  category: { type: 'string', pattern: '^[a-z_]+(\\.[a-z_]+)*$', description: 'a fideslang data category' },
  regulations: words,
  severity: { enum: ['error', 'warning', 'information', 'hint'] },
  patterns: { type: 'array', items: pattern },
  validator: { type: 'string' },
  context: { type: 'object', additionalProperties: false, required: ['words'], properties: { words, required: { type: 'boolean' }, binds: { enum: ['nearest'] } } },
  names: words,
  nameOnly: { type: 'object', additionalProperties: false, required: ['valuePattern'], properties: { valuePattern: { type: 'string' } } },
  mask: maskSchema,
  examples: { type: 'object', additionalProperties: false, required: ['ok', 'ng'], properties: { ok: { type: 'array', items: example }, ng: { type: 'array', items: example } } },
  references: words,
};

/** What a rule must have once the pack's `defaults` are filled in. */
export const requiredOfRule = ['id', 'entity', 'title', 'category', 'regulations', 'severity', 'patterns', 'mask', 'examples'] as const;

export const rulePackSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'PII Gate rule pack',
  type: 'object',
  additionalProperties: false,
  required: ['scope', 'rules'],
  properties: {
    scope: { type: 'string', pattern: '^[a-z][a-z0-9-]*$', description: 'First part of every rule id: a country code or a subject.' },
    defaults: { type: 'object', additionalProperties: false, description: 'What the rules of the pack need not repeat.', properties: ruleProperties },
    rules: { type: 'array', minItems: 1, items: { type: 'object', additionalProperties: false, properties: ruleProperties } },
  },
};
