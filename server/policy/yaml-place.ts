/** Where in a YAML document an offset stands: the path of keys to it, and whether a key or a value is being written. */
import { isMap, isPair, isScalar, isSeq, type Node, parseDocument } from 'yaml';

export interface YamlPlace {
  /** Keys and indexes from the root to the enclosing collection, or to the value for `value`. */
  readonly path: readonly (string | number)[];
  readonly role: 'key' | 'value';
  /** Keys that the enclosing map already has. */
  readonly siblings: readonly string[];
  /** Span of the key under the offset, for hovers. */
  readonly key?: { readonly name: string; readonly start: number; readonly end: number };
}

/** For completion: derived from the lines' indentation, because a document being typed seldom parses. */
export function placeByIndent(text: string, offset: number): YamlPlace {
  const before = text.slice(0, offset).split('\n');
  const current = before.pop() ?? '';
  const path: (string | number)[] = [];
  const siblings: string[] = [];
  const typed = /^(\s*)((?:-\s+)*)(.*)$/.exec(current)!;
  let indent = typed[1]!.length + typed[2]!.length;
  const value = /^([\w.$-]+):\s+(.*)$/.exec(typed[3]!);
  if (typed[2] !== '') path.unshift(0);
  let inList = typed[2] !== '' ? typed[1]!.length : -1;
  for (const line of before.reverse()) {
    const match = /^(\s*)((?:-\s+)*)(?:([\w.$-]+):)?(.*)$/.exec(line)!;
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const own = match[1]!.length + match[2]!.length;
    const key = match[3];
    if (inList >= 0) {
      // Inside a list item: its parent is the first key that is indented no deeper than the dash.
      if (match[2] === '' && key !== undefined && match[1]!.length <= inList) {
        path.unshift(key);
        indent = match[1]!.length;
        inList = -1;
      }
      continue;
    }
    if (key === undefined) continue;
    if (own === indent) siblings.push(key);
    if (own === indent && match[2] !== '') {
      path.unshift(0);
      inList = match[1]!.length;
    } else if (own < indent) {
      path.unshift(key);
      indent = own;
      if (match[2] !== '') {
        path.unshift(0);
        inList = match[1]!.length;
      }
    }
  }
  if (value !== null) return { path: [...path, value[1]!], role: 'value', siblings };
  return { path, role: typed[2] !== '' && path.at(-1) !== 0 ? 'value' : 'key', siblings };
}

/** For hover: exact, from the syntax tree. Undefined when the offset is on no key. */
export function keyAt(text: string, offset: number): YamlPlace | undefined {
  const walk = (node: unknown, path: readonly (string | number)[]): YamlPlace | undefined => {
    if (isMap(node)) {
      for (const pair of node.items) {
        if (!isPair(pair) || !isScalar(pair.key)) continue;
        const name = String(pair.key.value);
        const [start, end] = pair.key.range ?? [0, 0];
        if (offset >= start && offset <= end) return { path: [...path, name], role: 'key', siblings: [], key: { name, start, end } };
        const range = (pair.value as Node | null)?.range;
        if (range && offset >= range[0] && offset <= range[2]) return walk(pair.value, [...path, name]);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const range = (item as Node | null)?.range;
        if (range && offset >= range[0] && offset <= range[2]) return walk(item, [...path, index]);
      }
    }
    return undefined;
  };
  return walk(parseDocument(text, { logLevel: 'silent' }).contents, []);
}
