/** Reads YAML and holds it against a JSON schema: every problem with its line, column and what is expected. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';

/** A part of JSON Schema (2020-12): what the shipped schemas use. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: string | number | boolean;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly oneOf?: readonly JsonSchema[];
}

/** `line` and `column` are 1-based; `column` counts UTF-16 units. */
export interface Problem {
  readonly source: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type YamlPath = readonly (string | number)[];

export interface CheckedYaml {
  /** What was read; undefined when the text is not YAML. Only to be trusted when there is no problem. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** A problem that the caller found, at the node under `path`. */
  problemAt(path: YamlPath, message: string): Problem;
}

/** More problems than this help nobody. */
const MOST_PROBLEMS = 100;

export function readCheckedYaml(text: string, source: string, schema: JsonSchema): CheckedYaml {
  const lines = new LineCounter();
  // Without a limit on aliases a few lines could unfold to gigabytes.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { source, line: Math.max(1, line), column: Math.max(1, col), message };
  };
  const problemAt = (path: YamlPath, message: string): Problem => at(offsetOf(document, path), message);
  if (document.errors.length > 0) return { value: undefined, problems: document.errors.map((error) => at(error.pos[0], `not YAML: ${error.message}`)), problemAt };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return { value: undefined, problems: [at(0, `not usable YAML: ${error instanceof Error ? error.message : String(error)}`)], problemAt };
  }
  const problems: Problem[] = [];
  check(value, schema, [], (path, message) => {
    if (problems.length < MOST_PROBLEMS) problems.push(problemAt(path, message));
  });
  return { value, problems, problemAt };
}

function offsetOf(document: Document, path: YamlPath): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1]!;
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(last));
      const key = pair?.key;
      const node = length === path.length && pair && isScalar(pair.value) ? pair.value : key;
      if (isScalar(node) && node.range) return node.range[0];
    }
    if (isSeq(parent) && typeof last === 'number') {
      const node = parent.items[last];
      if (node && typeof node === 'object' && 'range' in node && Array.isArray(node.range)) return Number(node.range[0]);
    }
  }
  return 0;
}

type Report = (path: YamlPath, message: string) => void;

function check(value: unknown, schema: JsonSchema, path: YamlPath, report: Report): void {
  if (schema.oneOf) {
    checkOneOf(value, schema.oneOf, path, report);
    return;
  }
  if (schema.const !== undefined && value !== schema.const) {
    report(path, `${nameOf(path)} must be ${JSON.stringify(schema.const)}`);
    return;
  }
  if (schema.enum && !schema.enum.some((allowed) => allowed === value)) {
    report(path, `${nameOf(path)} must be one of ${schema.enum.join(', ')}${nearest(value, schema.enum)}`);
    return;
  }
  if (schema.type && !isOfType(value, schema.type)) {
    report(path, `${nameOf(path)} must be ${ARTICLES[schema.type]}, but is ${kindOf(value)}`);
    return;
  }
  if (typeof value === 'string') {
    if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) report(path, `${nameOf(path)} must match ${schema.pattern}${schema.description ? ` (${schema.description})` : ''}`);
    if (schema.maxLength !== undefined && value.length > schema.maxLength) report(path, `${nameOf(path)} must have at most ${schema.maxLength} characters`);
  }
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) report(path, `${nameOf(path)} must be at least ${schema.minimum}`);
    if (schema.maximum !== undefined && value > schema.maximum) report(path, `${nameOf(path)} must be at most ${schema.maximum}`);
  }
  if (Array.isArray(value)) {
    if (schema.minItems !== undefined && value.length < schema.minItems) report(path, `${nameOf(path)} needs at least ${schema.minItems} item${schema.minItems === 1 ? '' : 's'}`);
    if (schema.items) for (const [i, item] of value.entries()) check(item, schema.items, [...path, i], report);
  } else if (isRecord(value)) checkObject(value, schema, path, report);
}

function checkObject(value: Readonly<Record<string, unknown>>, schema: JsonSchema, path: YamlPath, report: Report): void {
  for (const key of schema.required ?? []) if (!Object.hasOwn(value, key)) report(path, `${nameOf(path)} lacks \`${key}\``);
  for (const [key, item] of Object.entries(value)) {
    const known = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (known) check(item, known, [...path, key], report);
    else if (schema.additionalProperties === false) report([...path, key], `\`${key}\` is not known here; known are ${Object.keys(schema.properties ?? {}).join(', ')}${nearest(key, Object.keys(schema.properties ?? {}))}`);
    else if (typeof schema.additionalProperties === 'object') check(item, schema.additionalProperties, [...path, key], report);
  }
}

/** The branch whose constant `kind` fits, else the one with the fewest problems, says what is wrong. */
function checkOneOf(value: unknown, branches: readonly JsonSchema[], path: YamlPath, report: Report): void {
  let best: { path: YamlPath; message: string }[] | undefined;
  for (const branch of branches) {
    const found: { path: YamlPath; message: string }[] = [];
    check(value, branch, path, (at, message) => found.push({ path: at, message }));
    if (found.length === 0) return;
    const kind = branch.properties?.['kind']?.const;
    if (kind !== undefined && isRecord(value) && value['kind'] === kind) {
      best = found;
      break;
    }
    if (!best || found.length < best.length) best = found;
  }
  for (const problem of best ?? []) report(problem.path, problem.message);
}

const ARTICLES = { object: 'a mapping', array: 'a list', string: 'text', number: 'a number', integer: 'a whole number', boolean: 'true or false' } as const;

function isOfType(value: unknown, type: NonNullable<JsonSchema['type']>): boolean {
  switch (type) {
    case 'object': return isRecord(value);
    case 'array': return Array.isArray(value);
    case 'integer': return Number.isInteger(value);
    case 'number': return typeof value === 'number' && Number.isFinite(value);
    default: return typeof value === type;
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'true or false' : 'a number';
}

function nameOf(path: YamlPath): string {
  if (path.length === 0) return 'the document';
  let name = '';
  for (const step of path) name += typeof step === 'number' ? `[${step}]` : name ? `.${step}` : step;
  return `\`${name}\``;
}

function nearest(value: unknown, options: readonly (string | number | boolean)[]): string {
  if (typeof value !== 'string') return '';
  const close = options.map(String).find((option) => option.toLowerCase() === value.toLowerCase() || distanceIsSmall(option, value));
  return close === undefined ? '' : `; did you mean ${close}?`;
}

/** One insertion, deletion, replacement or swap apart. */
function distanceIsSmall(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return a === b;
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  let j = 0;
  while (j < a.length - i && j < b.length - i && a[a.length - 1 - j] === b[b.length - 1 - j]) j++;
  return Math.max(a.length, b.length) - i - j <= (a.length === b.length ? 2 : 1);
}
