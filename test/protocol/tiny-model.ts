/**
 * A tiny token classification model in a folder, as Hugging Face lays one out: real ONNX made by hand (one Gather: vocabulary id →
 * logits), a WordPiece tokenizer and a label table. Field numbers are those of onnx.proto3 (ONNX IR version 8, opset 13).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the model: each word of `words` gets its label, every other word `O`. */
export function writeTinyModel(folder: string, words: Readonly<Record<string, string>>): void {
  const labels = ['O', ...new Set(Object.values(words))];
  const tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...Object.keys(words)];
  const table = tokens.flatMap((token) => labels.map((label) => (label === (words[token] ?? 'O') ? 8 : 0)));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.onnx'), gatherModel(table, tokens.length, labels.length));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ id2label: Object.fromEntries(labels.map((label, index) => [index, label])) }));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify({
    normalizer: { type: 'BertNormalizer', lowercase: true, strip_accents: null },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', vocab: Object.fromEntries(tokens.map((token, index) => [token, index])) },
  }));
}

function gatherModel(table: readonly number[], rows: number, columns: number): Uint8Array {
  const initializer = [...number(1, rows), ...number(1, columns), ...number(2, 1), ...text(8, 'table'), ...bytes(9, [...Buffer.from(new Float32Array(table).buffer)])];
  const node = [...text(1, 'table'), ...text(1, 'input_ids'), ...text(2, 'logits'), ...text(4, 'Gather'), ...bytes(5, [...text(1, 'axis'), ...number(3, 0), ...number(20, 2)])];
  const graph = [...bytes(1, node), ...text(2, 'tiny'), ...bytes(5, initializer), ...bytes(11, value('input_ids', 7, ['batch', 'tokens'])), ...bytes(12, value('logits', 1, ['batch', 'tokens', columns]))];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, [...text(1, ''), ...number(2, 13)])]);
}

function value(name: string, type: number, dimensions: readonly (string | number)[]): number[] {
  const shape = dimensions.flatMap((dimension) => bytes(1, typeof dimension === 'string' ? text(2, dimension) : number(1, dimension)));
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, shape)]))];
}

/** Protocol Buffers' base 128 numbers. */
function varint(given: number): number[] {
  const out: number[] = [];
  let rest = given;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  return [...out, rest];
}

const number = (field: number, given: number): number[] => [...varint(field * 8), ...varint(given)];
const bytes = (field: number, given: readonly number[]): number[] => [...varint(field * 8 + 2), ...varint(given.length), ...given];
const text = (field: number, given: string): number[] => bytes(field, [...Buffer.from(given)]);
