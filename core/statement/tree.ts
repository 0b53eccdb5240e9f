/** Reading parsers' JSON trees without trusting their shape. */

export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree { return typeof value === 'object' && value !== null && !Array.isArray(value); }
/** The object, or an empty one. */
export function tree(value: unknown): Tree { return isTree(value) ? value : {}; }
/** The array, or an empty one. */
export function list(value: unknown): readonly unknown[] { return Array.isArray(value) ? value : []; }
export function string(value: unknown): string { return typeof value === 'string' ? value : ''; }

/** Rust's externally tagged enums and libpg-query's nodes: `{Name: content}` or `"Name"`. */
export function variant(value: unknown): { readonly name: string; readonly content: unknown } {
  if (typeof value === 'string') return { name: value, content: undefined };
  if (!isTree(value)) return { name: '', content: undefined };
  const keys = Object.keys(value);
  const name = keys.length === 1 ? keys[0] ?? '' : '';
  return { name, content: name === '' ? undefined : value[name] };
}

/** Nothing is there: absent, null, false, empty, or the unit variant `None`. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === 'None' || (Array.isArray(value) && value.length === 0);
}
