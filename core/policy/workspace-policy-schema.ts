/** JSON schema of `.pii-gate.yaml`: the source of completion, hover and validation. The build writes it to dist/schemas. */
import type { JsonSchema } from './checked-yaml.ts';

const severity: JsonSchema = { enum: ['error', 'warning', 'information', 'hint'], description: 'How loudly the finding is shown.' };
const entity: JsonSchema = { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', description: 'An entity such as EMAIL_ADDRESS or US_SSN.' };

export const maskSchema: JsonSchema = {
  description: 'How a value is masked.',
  oneOf: [
    { enum: ['redact', 'token', 'email', 'fake', 'format'] },
    { type: 'object', additionalProperties: false, required: ['kind'], properties: { kind: { const: 'partial' }, keepStart: { type: 'integer', minimum: 0, maximum: 8, description: 'Characters kept at the start.' }, keepEnd: { type: 'integer', minimum: 0, maximum: 8, description: 'Characters kept at the end.' }, char: { type: 'string', maxLength: 1, description: 'The masking character.' }, shape: { type: 'string', maxLength: 64, description: 'A picture of the result: `###-##-####`.' } } },
    { type: 'object', additionalProperties: false, required: ['kind'], properties: { kind: { const: 'redact' } } },
    { type: 'object', additionalProperties: false, required: ['kind'], properties: { kind: { const: 'email' } } },
    { type: 'object', additionalProperties: false, required: ['kind'], properties: { kind: { enum: ['token', 'fake'] } } },
    { type: 'object', additionalProperties: false, required: ['kind'], properties: { kind: { const: 'format' }, keepCheckDigits: { type: 'boolean', description: 'The result passes the check that the value passes: Luhn for cards, modulo 97 for IBANs.' } } },
    { type: 'object', additionalProperties: false, required: ['kind', 'to'], properties: { kind: { const: 'generalise' }, to: { enum: ['year', 'postcode3', 'age10'] } } },
  ],
};

export const customRuleSchema: JsonSchema = {
  type: 'object',
  description: 'A rule of this workspace.',
  additionalProperties: false,
  required: ['id', 'entity'],
  properties: {
    id: { type: 'string', pattern: '^[a-z0-9][a-z0-9_./-]*$', description: 'A stable id such as `acme/customer-number`.' },
    entity,
    title: { type: 'string', description: 'Shown to people: “Acme customer number”.' },
    category: { type: 'string', description: 'A fideslang data category such as `user.unique_id`.' },
    regulations: { type: 'array', items: { type: 'string' }, description: 'Regulations that cover it.' },
    severity,
    regex: { type: 'string', maxLength: 2000, description: 'RE2 syntax; no look-around. The whole match is the value, or group 1 where there is one.' },
    words: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'Exact words that are personal data (a deny-list).' },
    ignoreCase: { type: 'boolean', description: 'Whether letter case is ignored.' },
    boundary: { enum: ['word', 'digit', 'none'], description: 'What may not touch a match.' },
    confidence: { type: 'number', minimum: 0, maximum: 1, description: 'Confidence of a match without further evidence. Default 0.75.' },
    validator: { type: 'string', description: 'A built-in check by name, e.g. `luhn`.' },
    context: { type: 'array', items: { type: 'string' }, description: 'Words that make a match surer when they stand near.' },
    contextRequired: { type: 'boolean', description: 'Whether a match needs a context word or name.' },
    names: { type: 'array', items: { type: 'string' }, description: 'Column, key and variable names that mean this entity.' },
    allow: { type: 'array', items: { type: 'string' }, description: 'Values that this rule never reports.' },
    mask: maskSchema,
    examples: {
      type: 'object', additionalProperties: false, description: 'Run by `pii-gate rules test`.',
      properties: { ok: { type: 'array', items: { type: 'string' }, description: 'Texts in which it must be found.' }, ng: { type: 'array', items: { type: 'string' }, description: 'Texts in which it must not be found.' } },
    },
  },
};

export const workspacePolicySchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'PII Gate workspace policy',
  type: 'object',
  additionalProperties: false,
  properties: {
    version: { const: 1, description: 'Version of this format.' },
    minConfidence: { type: 'number', minimum: 0, maximum: 1, description: 'Findings below this confidence are left out. Default 0.4.' },
    rules: {
      type: 'object', additionalProperties: false, description: 'Which rules run and how loudly.',
      properties: {
        disable: { type: 'array', items: { type: 'string' }, description: 'Rule ids (`us/ssn`) or entities (`IP_ADDRESS`) that are switched off.' },
        severity: { type: 'object', additionalProperties: severity, description: 'Severity by entity.' },
        custom: { type: 'array', items: customRuleSchema, description: 'Rules of this workspace.' },
      },
    },
    allow: {
      type: 'array', description: 'Values that are known to be harmless here.',
      items: {
        type: 'object', additionalProperties: false,
        properties: {
          value: { type: 'string', description: 'The exact value.' },
          sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the value in UTF-8, in hexadecimal: for values that should not stand here.' },
          pattern: { type: 'string', maxLength: 500, description: 'RE2 syntax; must match the whole value.' },
          entity,
          reason: { type: 'string', description: 'Why it is harmless.' },
        },
      },
    },
    exclude: { type: 'array', items: { type: 'string' }, description: 'Globs of files that are not scanned (.gitignore syntax).' },
    masks: { type: 'object', additionalProperties: maskSchema, description: 'Masks by entity (`US_SSN`) or category (`user.contact`).' },
    sensitive: {
      type: 'array', description: 'Tables and columns that hold personal data, whatever their names and values say.',
      items: {
        type: 'object', additionalProperties: false, required: ['table'],
        properties: {
          schema: { type: 'string', description: 'Schema of the table; any when absent.' },
          table: { type: 'string', description: 'Table name; `*` stands for any characters.' },
          column: { type: 'string', description: 'Column name; the whole table when absent.' },
          entity,
          category: { type: 'string', description: 'A fideslang data category.' },
          mask: maskSchema,
        },
      },
    },
    connections: { type: 'object', description: 'Environment of each connection by its name.', additionalProperties: { enum: ['development', 'staging', 'production', 'critical'] } },
  },
};
