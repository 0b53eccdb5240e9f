/**
 * Changes single verdicts in the text of an inventory file. Only the places that change are written: comments, order,
 * spacing and every other entry stay as they are, to the byte.
 */
import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import { flowText, InventoryFileError, newInventoryFile, readInventoryFile } from './inventory-file.ts';

/** Who says so, when and why: for whoever reads the file later. */
export interface Provenance { readonly who?: string; /** `2026-01-31` */ readonly on?: string; readonly why?: string }

/**
 * @param text of the file; undefined makes a new one
 * @returns the new text
 * @throws InventoryFileError when the file can't be read: nothing is guessed, and nothing is lost
 */
export function correctInventory(text: string | undefined, entry: InventoryEntry, provenance: Provenance = {}): string {
  return changed(text, [{ entry, more: { ...provenance } }]);
}

/** What a scan found, brought into a file that is there already: entries that it has keep what people wrote beside them. */
export function mergeInventory(text: string | undefined, entries: readonly InventoryEntry[]): string {
  return changed(text, entries.map((entry) => ({ entry, more: {}, unlessSame: true })));
}

interface Put { readonly entry: InventoryEntry; readonly more: Readonly<Record<string, string>>; readonly unlessSame?: boolean }
interface Edit { readonly start: number; readonly end: number; readonly text: string }

function changed(given: string | undefined, puts: readonly Put[]): string {
  const text = given === undefined || given.trim() === '' ? newInventoryFile() : given;
  const [problem] = readInventoryFile(text, 'the inventory file').problems;
  if (problem) throw new InventoryFileError(`The inventory file has a problem in line ${problem.line}: ${problem.message}. Mend it first; nothing was changed.`);
  const root = parseDocument(text).contents;
  const tablesPair = isMap(root) ? root.items.find((p) => keyText(p) === 'tables') : undefined;
  const tables = isMap(tablesPair?.value) ? tablesPair.value : undefined;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = tables && !tables.flow && tables.items[0] ? columnOf(text, offset(tables.items[0].key)) : 2;
  const edits: Edit[] = [];
  /** Lines to add after the last column of a table, and new tables with theirs. */
  const added = new Map<YAMLMap, string[]>();
  const fresh = new Map<string, string[]>();
  for (const { entry, more, unlessSame } of puts) {
    const table = tableIn(tables, entry);
    const known = columnIn(table, entry)?.value;
    if (unlessSame === true && isMap(known) && same(known, entry)) continue;
    const value = flowText(entry, more);
    if (isMap(known) && known.range) edits.push(replace(text, known.range[0], known.range[1], value));
    else if (table) push(added, table, `${keyOf(entry.column ?? '*')}: ${value}`);
    else push(fresh, tableName(entry), `${keyOf(entry.column ?? '*')}: ${value}`);
  }
  for (const [table, lines] of added) edits.push(appended(text, table, lines, newline));
  if (fresh.size > 0) {
    const blocks = [...fresh].map(([name, lines]) => `${' '.repeat(indent)}${keyOf(name)}:${newline}${lines.map((line) => `${' '.repeat(indent * 2)}${line}${newline}`).join('')}`);
    edits.push(newTables(text, tablesPair, tables, blocks.join(''), newline));
  }
  const out = edits.sort((a, b) => b.start - a.start).reduce((rest, { start, end, text: now }) => rest.slice(0, start) + now + rest.slice(end), text);
  // A way of writing that is not provided for must not break the file.
  if (readInventoryFile(out, 'x').problems.length > 0) throw new InventoryFileError('The inventory file is written in a way that can\'t be changed safely. Change it by hand; nothing was changed.');
  return out;
}

/** A value over several lines ends in its last line break, which stays. */
function replace(text: string, start: number, end: number, value: string): Edit {
  const kept = /\s*$/.exec(text.slice(start, end))?.[0] ?? '';
  return { start, end: end - kept.length, text: value };
}

function appended(text: string, table: YAMLMap, lines: readonly string[], newline: string): Edit {
  if (table.flow === true) {
    const at = text.lastIndexOf('}', (table.range?.[1] ?? 1) - 1);
    const before = text.slice(0, at).trimEnd();
    return { start: before.length, end: at, text: `${before.endsWith('{') || before.endsWith(',') ? ' ' : ', '}${lines.join(', ')} ` };
  }
  const at = lineEnd(text, table.items.at(-1));
  const pad = ' '.repeat(columnOf(text, offset(table.items[0]?.key)));
  return { start: at, end: at, text: `${at > 0 && text[at - 1] !== '\n' ? newline : ''}${lines.map((line) => `${pad}${line}${newline}`).join('')}` };
}

function newTables(text: string, pair: Pair | undefined, tables: YAMLMap | undefined, blocks: string, newline: string): Edit {
  if (tables && tables.flow !== true) {
    const at = lineEnd(text, lastPair(tables));
    return { start: at, end: at, text: `${at > 0 && text[at - 1] !== '\n' ? newline : ''}${blocks}` };
  }
  if (tables && tables.items.length > 0) throw new InventoryFileError('`tables` of the inventory file is written in braces. Write one table a line; nothing was changed.');
  // `tables: {}`, `tables:` or nothing at all.
  if (tables?.range) {
    const after = newlineAfter(text, tables.range[1]);
    return { start: text.slice(0, tables.range[0]).trimEnd().length, end: after, text: `${text.slice(tables.range[1], after).trimEnd() === '' ? '' : ` ${text.slice(tables.range[1], after).trim()}`}${newline}${blocks}` };
  }
  const at = pair ? newlineAfter(text, offset(pair.key)) : text.length;
  const lead = at > 0 && text[at - 1] !== '\n' ? newline : '';
  return { start: at, end: at, text: `${lead}${pair ? '' : `tables:${newline}`}${blocks}` };
}

/** The innermost last pair: its line is the last one of the map. */
function lastPair(map: YAMLMap): Pair | undefined {
  const pair = map.items.at(-1);
  return isMap(pair?.value) && pair.value.flow !== true && pair.value.items.length > 0 ? lastPair(pair.value) : pair;
}

/** Offset after the line break of the line on which a pair ends. */
function lineEnd(text: string, pair: Pair | undefined): number {
  const inner = isMap(pair?.value) && pair.value.flow !== true && pair.value.items.length > 0 ? lastPair(pair.value) : pair;
  const value = inner?.value as { readonly range?: readonly number[] | null } | null | undefined;
  return newlineAfter(text, (value?.range?.[1] ?? offset(inner?.key)) - 1);
}

function newlineAfter(text: string, at: number): number {
  const next = text.indexOf('\n', at);
  return next === -1 ? text.length : next + 1;
}

function columnOf(text: string, at: number): number { return at - (text.lastIndexOf('\n', at - 1) + 1); }

function offset(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}

function push<K>(map: Map<K, string[]>, key: K, line: string): void {
  const lines = map.get(key);
  if (lines) lines.push(line); else map.set(key, [line]);
}

/** Plain where YAML reads it as the same text, else in quotes. */
function keyOf(name: string): string {
  return /^[A-Za-z_][\w.$-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name) ? name : JSON.stringify(name);
}

function tableName({ schema, table }: InventoryEntry): string { return schema === undefined ? table : `${schema}.${table}`; }

/** Under its full name; else under its name alone, which holds for every schema, where the column is there. Any case. */
function tableIn(tables: YAMLMap | undefined, entry: InventoryEntry): YAMLMap | undefined {
  for (const wanted of [tableName(entry), entry.table]) {
    const pair = tables?.items.find((p) => keyText(p) === wanted.toLowerCase());
    if (isMap(pair?.value) && pair.value.items.length > 0 && (wanted === tableName(entry) || columnIn(pair.value, entry))) return pair.value;
  }
  return undefined;
}

function columnIn(table: YAMLMap | undefined, entry: InventoryEntry): Pair | undefined {
  return table?.items.find((p) => keyText(p) === (entry.column ?? '*').toLowerCase());
}

function keyText({ key }: Pair): string { return String(isScalar(key) ? key.value : key).toLowerCase(); }

function same(known: YAMLMap, { verdict, source }: InventoryEntry): boolean {
  if ((known.get('by') ?? 'inventory') !== source) return false;
  return verdict === null ? known.get('personal') === false : known.get('entity') === verdict.entity && known.get('category') === verdict.category;
}
