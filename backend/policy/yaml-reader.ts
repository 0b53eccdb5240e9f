/** Reads typed values out of a YAML document and keeps where each stands, so that every complaint names line and column. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type YAMLMap } from 'yaml';
import { parseDuration } from './duration.ts';
import type { PolicyProblem } from './policy.ts';

export class YamlReader {
  readonly problems: PolicyProblem[] = [];
  readonly root: Node | null;
  readonly #lines = new LineCounter();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    const document: Document = parseDocument(text, { lineCounter: this.#lines, strict: true, uniqueKeys: true });
    this.root = document.contents as Node | null;
    for (const error of document.errors) this.#add(error.pos[0], error.message.split('\n', 1)[0] ?? 'this is not YAML');
  }

  complain(node: unknown, message: string): void {
    this.#add((node as Node | null | undefined)?.range?.[0] ?? 0, message);
  }

  /** A complaint about offset `inner` of a scalar's value: exact for plain, quoted and block scalars alike, as far as the text is verbatim. */
  complainInside(node: unknown, value: string, inner: number, message: string): void {
    const range = (node as Node).range;
    const start = range?.[0] ?? 0;
    const end = range?.[1] ?? start;
    const verbatim = this.#text.slice(start, end).indexOf(value);
    if (verbatim >= 0) {
      this.#add(start + verbatim + inner, message);
      return;
    }
    // Folded, indented or escaped: find the line of the value that the offset falls in, and its text in the source.
    const lineStart = value.lastIndexOf('\n', inner - 1) + 1;
    const lineText = value.slice(lineStart, value.indexOf('\n', lineStart) < 0 ? undefined : value.indexOf('\n', lineStart)).trimEnd();
    const found = lineText === '' ? -1 : this.#text.slice(start, end).indexOf(lineText);
    this.#add(found < 0 ? start : start + found + Math.min(inner - lineStart, lineText.length), message);
  }

  line(node: unknown): number {
    return this.#lines.linePos((node as Node | null | undefined)?.range?.[0] ?? 0).line;
  }

  map(node: unknown, what: string): YAMLMap | undefined {
    if (isMap(node)) return node;
    this.complain(node, `expected ${what}`);
    return undefined;
  }

  onlyKeys(map: YAMLMap, known: readonly string[]): void {
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : '';
      if (!known.includes(key)) this.complain(pair.key, `unknown key "${key}"; expected one of ${known.join(', ')}`);
    }
  }

  items(map: YAMLMap, key: string): readonly unknown[] {
    const node = map.get(key, true);
    if (node === undefined) return [];
    if (isSeq(node)) return node.items;
    this.complain(node, `"${key}" must be a list`);
    return [];
  }

  text(map: YAMLMap, key: string): string | undefined {
    const node = map.get(key, true);
    if (node === undefined) return undefined;
    if (isScalar(node) && typeof node.value === 'string' && node.value.trim() !== '') return node.value;
    this.complain(node, `"${key}" must be a text`);
    return undefined;
  }

  texts(map: YAMLMap, key: string): string[] {
    return this.items(map, key).flatMap((item) => {
      if (isScalar(item) && typeof item.value === 'string' && item.value !== '') return [item.value];
      this.complain(item, `"${key}" must hold texts`);
      return [];
    });
  }

  flag(map: YAMLMap, key: string): boolean {
    const node = map.get(key, true);
    if (node === undefined) return false;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.complain(node, `"${key}" must be true or false`);
    return false;
  }

  count(map: YAMLMap, key: string, least: number, most: number): number | undefined {
    const node = map.get(key, true);
    if (node === undefined) return undefined;
    if (isScalar(node) && typeof node.value === 'number' && Number.isInteger(node.value) && node.value >= least && node.value <= most) return node.value;
    this.complain(node, `"${key}" must be a whole number from ${least} to ${most}`);
    return undefined;
  }

  duration(map: YAMLMap, key: string): number | undefined {
    const node = map.get(key, true);
    if (node === undefined) return undefined;
    const value = isScalar(node) && typeof node.value === 'string' ? parseDuration(node.value) : undefined;
    if (value === undefined) this.complain(node, `"${key}" must be a duration such as 90s, 15m, 8h or 2d`);
    return value;
  }

  pattern(map: YAMLMap, key: string): string | undefined {
    const value = this.text(map, key);
    if (value === undefined) return undefined;
    try {
      new RegExp(value, 'u');
      return value;
    } catch {
      this.complain(map.get(key, true), `"${key}" is not a regular expression`);
      return undefined;
    }
  }

  #add(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.problems.push({ line, column: col, message });
  }
}
