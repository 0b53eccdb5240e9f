/** A small reader of JSON Schema for completion and hover: what may stand at a path of a document. */

export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema | boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly examples?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly propertyNames?: Schema;
}

/** Every schema that may describe the value at `path` (keys and array indexes), alternatives included. */
export function schemasAt(root: Schema, path: readonly (string | number)[]): readonly Schema[] {
  let current = expand(root, root);
  for (const step of path) {
    const next: Schema[] = [];
    for (const schema of current) {
      if (typeof step === 'number') {
        if (typeof schema.items === 'object') next.push(schema.items);
        continue;
      }
      const named = schema.properties?.[step];
      if (named !== undefined) next.push(named);
      else if (typeof schema.additionalProperties === 'object') next.push(schema.additionalProperties);
    }
    current = next.flatMap((schema) => expand(schema, root));
  }
  return current;
}

/** Keys that an object at the schemas may have, with what is said about each. */
export function keysOf(schemas: readonly Schema[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const schema of schemas) for (const [key, { description }] of Object.entries(schema.properties ?? {})) if (!keys.has(key)) keys.set(key, description ?? '');
  return keys;
}

/** Scalars that may stand there: enumerations, constants, booleans. */
export function valuesOf(schemas: readonly Schema[]): readonly string[] {
  const values = new Set<string>();
  for (const schema of schemas) {
    for (const value of [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const]), ...(schema.examples ?? [])]) {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') values.add(String(value));
    }
    if (schema.type === 'boolean') values.add('true').add('false');
  }
  return [...values];
}

function expand(schema: Schema, root: Schema, depth = 0): readonly Schema[] {
  if (depth > 8) return [];
  const target = schema.$ref === undefined ? schema : { ...resolve(schema.$ref, root), ...(schema.description === undefined ? {} : { description: schema.description }) };
  const alternatives = [...(target.oneOf ?? []), ...(target.anyOf ?? []), ...(target.allOf ?? [])];
  return [target, ...alternatives.flatMap((alternative) => expand(alternative, root, depth + 1))];
}

/** Local references only (`#/$defs/rule`). */
function resolve(reference: string, root: Schema): Schema {
  let at: unknown = root;
  for (const part of reference.replace(/^#\/?/, '').split('/').filter((step) => step !== '')) at = (at as Record<string, unknown> | undefined)?.[part];
  return (at ?? {}) as Schema;
}
