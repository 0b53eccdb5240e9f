/** Adds an entry to the allow-list of a policy's text, keeping everything else as it is. */
import { isMap, isSeq, type Node, parseDocument } from 'yaml';
import type { TextEdit } from '#core/engine/detector.ts';

export interface AllowEntry { readonly entity: string; readonly value: string }

/** One insertion. Undefined when the text is no YAML map or its `allow` is no list: then people have to mend it first. */
export function allowTextEdit(text: string, { entity, value }: AllowEntry): TextEdit | undefined {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const document = parseDocument(text, { logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  const lines = (indent: string): string => [`${indent}- entity: ${entity}`, `${indent}  value: ${JSON.stringify(value)}`, `${indent}  reason: not personal data here`].join(eol) + eol;
  const before = (at: number): string => (at === 0 || text[at - 1] === '\n' ? '' : eol);
  const root = document.contents;
  if (root === null) return insert(text.length, `${before(text.length)}allow:${eol}${lines('  ')}`);
  if (!isMap(root)) return undefined;
  const list: unknown = root.get('allow', true);
  if (list === undefined || list === null || (isNull(list))) {
    if (root.has('allow')) return undefined;
    return insert(text.length, `${before(text.length)}allow:${eol}${lines('  ')}`);
  }
  if (!isSeq(list) || list.flow === true) return undefined;
  const last = list.items.at(-1) as Node | undefined;
  const dash = list.range![0];
  const indent = ' '.repeat(dash - (text.lastIndexOf('\n', dash - 1) + 1));
  const end = last?.range?.[2] ?? list.range![2];
  return insert(end, before(end) + lines(indent));
}

function isNull(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'value' in node && node.value === null;
}

function insert(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}
