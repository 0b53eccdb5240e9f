/** A text through a token classification model: words in windows that overlap, so that a name at a window's edge has context. */
import type { ProviderSpan } from '../provider.ts';
import { type LabelledWord, spansOf } from './labels.ts';
import { tokenize, type Word, type WordPieceConfig } from './word-piece.ts';

export interface Classifier {
  readonly tokenizer: WordPieceConfig;
  /** By index. */
  readonly labels: readonly string[];
  readonly entities: Readonly<Record<string, string>>;
  /** Vocabulary ids (with start and end) → logits, `labels.length` numbers a token. */
  readonly run: (ids: readonly number[]) => Promise<ArrayLike<number>>;
}

/** Tokens a window, and words at each end that only give context. */
const windowTokens = 128;
const contextWords = 8;

export async function classify(text: string, { tokenizer, labels, entities, run }: Classifier, why: string): Promise<readonly ProviderSpan[]> {
  const words = [...tokenize(text, tokenizer)];
  const labelled: LabelledWord[] = [];
  for (let from = 0; from < words.length; ) {
    const first = Math.max(0, from - contextWords);
    const { ids, at, next } = fill(words, first, from - first, tokenizer);
    const logits = await run(ids);
    const last = next < words.length ? Math.max(from + 1, next - contextWords) : next;
    for (let index = from; index < last; index++) {
      const token = at[index - first]! * labels.length;
      labelled.push({ ...words[index]!, logits: Array.prototype.slice.call(logits, token, token + labels.length) as number[] });
    }
    from = last;
  }
  return spansOf(labelled, labels, entities, why);
}

/** Pieces of one word that are shown to the model: its label stands on the first. Keeps any window below BERT's 512 tokens. */
const piecesAWord = 16;

/** As many words as fit, at least the context and one more; `at`: index of each word's first token. */
function fill(words: readonly Word[], first: number, context: number, { start, end }: WordPieceConfig): { ids: number[]; at: number[]; next: number } {
  const ids = [start];
  const at: number[] = [];
  let next = first;
  for (; next < words.length; next++) {
    const pieces = words[next]!.pieces.slice(0, piecesAWord);
    if (ids.length + pieces.length > windowTokens - 1 && at.length > context) break;
    at.push(ids.length);
    ids.push(...pieces);
  }
  ids.push(end);
  return { ids, at, next };
}
