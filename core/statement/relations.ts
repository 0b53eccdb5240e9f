/** What a name can stand for while a statement is resolved: relations, their columns, and where those come from. */
import type { CatalogueTable } from './catalogue.ts';
import type { LineageSource } from './analyse.ts';
import type { Item, Name } from './ir.ts';

/** A column of a relation or of a result: where its value comes from. Mutable: a comparison can taint it. */
export interface Derived {
  name: string;
  sources: readonly LineageSource[];
  /** A source may be missing. */
  uncertain: boolean;
  /** For a column that a star brought: its relation, as written. */
  relation?: string | undefined;
}

/** One entry of FROM. */
export interface Relation {
  /** Key of its alias or name; empty when it has none. */
  readonly alias: string;
  /** Its alias or name as written. */
  readonly label?: string | undefined;
  /** Key of its schema, where it can be named with it. */
  readonly schema?: string | undefined;
  readonly columns: readonly Derived[];
  /** True when it may have columns that are not in `columns`. */
  readonly open: boolean;
  /** Where the value of a column that is not in `columns` comes from, if it is open. */
  readonly fallback?: Derived | undefined;
  readonly table?: CatalogueTable | undefined;
}

/** What FROM brings: relations to name, and the columns that `*` means, in order. */
export interface Brought {
  readonly relations: readonly Relation[];
  readonly star: readonly Derived[];
  /** False when `*` has other columns or another order than `star`. */
  readonly starKnown: boolean;
}

/** A query given a name by WITH. `pending`: it stands further down in the same WITH. */
export interface NamedResult { readonly outputs: readonly Derived[]; readonly complete: boolean; readonly unplaced?: Derived | undefined; readonly pending?: true }

export interface Scope {
  readonly parent: Scope | undefined;
  readonly relations: Relation[];
  /** One for each entry of FROM. */
  readonly brought: Brought[];
  readonly named: ReadonlyMap<string, NamedResult>;
  /** Output aliases, which ORDER BY, GROUP BY and HAVING may name. */
  readonly aliases: ReadonlyMap<string, Item>;
  /** Aliases being resolved now: they may not name themselves. */
  readonly busy: Set<string>;
}

export function scopeOf(parent: Scope | undefined, extra: Partial<Pick<Scope, 'relations' | 'named' | 'aliases'>> = {}): Scope {
  return { parent, relations: extra.relations ?? [], brought: [], named: extra.named ?? new Map<string, NamedResult>(), aliases: extra.aliases ?? new Map<string, Item>(), busy: new Set() };
}

export function findNamed(scope: Scope | undefined, key: string): NamedResult | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.named.get(key);
    if (found) return found;
  }
  return undefined;
}

function sourceKey(source: LineageSource): string { return `${source.schema ?? ''}\u0000${source.table}\u0000${source.column}`; }

/** Every source once; direct only if it is direct everywhere. */
export function mergeSources(lists: readonly (readonly LineageSource[])[]): readonly LineageSource[] {
  const [only] = lists;
  if (lists.length === 1 && only) return only;
  const merged = new Map<string, LineageSource>();
  for (const source of lists.flat()) {
    const key = sourceKey(source);
    const known = merged.get(key);
    merged.set(key, known?.direct && !source.direct ? { ...known, direct: false } : known ?? source);
  }
  return [...merged.values()];
}

/** The value went through something: no source is handed on as it is. */
export function indirect(sources: readonly LineageSource[]): readonly LineageSource[] {
  return sources.some((source) => source.direct) ? sources.map((source) => (source.direct ? { ...source, direct: false } : source)) : sources;
}

export function merge(parts: readonly Derived[], name = ''): Derived {
  return { name, sources: mergeSources(parts.map((part) => part.sources)), uncertain: parts.some((part) => part.uncertain) };
}

/** Anything may be in it. */
export const unknown: Derived = Object.freeze({ name: '', sources: [], uncertain: true });
export const nothing: Derived = Object.freeze({ name: '', sources: [], uncertain: false });

/** A value made from these: no source is handed on as it is. */
export function computed(parts: readonly Derived[]): Derived {
  const merged = merge(parts);
  return { ...merged, sources: indirect(merged.sources) };
}

/** A list of column names after an alias renames from the left. */
export function rename<R extends NamedResult>(result: R, columns: readonly Name[]): R {
  if (columns.length === 0) return result;
  return { ...result, outputs: result.outputs.map((output, index) => ({ ...output, name: columns[index]?.text ?? output.name })) };
}

export function sensitive(sources: readonly LineageSource[]): boolean { return sources.some((source) => source.sensitivity !== undefined); }
