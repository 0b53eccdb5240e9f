/**
 * WordPiece as BERT models use it (Devlin et al. 2019; google-research/bert tokenization.py), read from a Hugging Face
 * `tokenizer.json`. Words keep their UTF-16 place in the text: a label belongs to a word, so pieces need none.
 */

export interface WordPieceConfig {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly lowercase: boolean;
  readonly stripAccents: boolean;
  readonly continuation: string;
  readonly unknown: number;
  readonly start: number;
  readonly end: number;
  readonly longestWord: number;
}

export interface Word {
  readonly start: number;
  readonly end: number;
  /** Vocabulary ids, at least one. */
  readonly pieces: readonly number[];
}

/** @throws Error that says what is not supported; its message goes to the user. */
export function readTokenizer(json: unknown): WordPieceConfig {
  const { model, normalizer } = (json ?? {}) as { model?: Record<string, unknown>; normalizer?: Record<string, unknown> | null };
  if (model?.['type'] !== 'WordPiece' || typeof model['vocab'] !== 'object' || model['vocab'] === null) {
    throw new Error(`tokenizer.json holds a ${String(model?.['type'] ?? 'nameless')} tokenizer; PII Gate reads WordPiece (BERT, DistilBERT, ELECTRA)`);
  }
  const vocabulary = new Map(Object.entries(model['vocab'] as Record<string, number>));
  const id = (token: string): number => {
    const found = vocabulary.get(token);
    if (found === undefined) throw new Error(`tokenizer.json has no ${token} in its vocabulary`);
    return found;
  };
  const lowercase = normalizer?.['lowercase'] !== false;
  const strip = normalizer?.['strip_accents'];
  return {
    vocabulary, lowercase,
    stripAccents: typeof strip === 'boolean' ? strip : lowercase,
    continuation: typeof model['continuing_subword_prefix'] === 'string' ? model['continuing_subword_prefix'] : '##',
    unknown: id(typeof model['unk_token'] === 'string' ? model['unk_token'] : '[UNK]'),
    start: id('[CLS]'),
    end: id('[SEP]'),
    longestWord: typeof model['max_input_chars_per_word'] === 'number' ? model['max_input_chars_per_word'] : 100,
  };
}

/** Runs of letters and digits; each punctuation mark, symbol and ideograph is a word of its own. */
const words = /[\p{Script=Han}]|[!-/:-@[-`{-~]|\p{P}|[^\s\p{P}!-/:-@[-`{-~\p{Script=Han}\p{Cc}]+/gu;

export function* tokenize(text: string, config: WordPieceConfig): Generator<Word> {
  for (const match of text.matchAll(words)) {
    const start = match.index;
    yield { start, end: start + match[0].length, pieces: piecesOf(normalise(match[0], config), config) };
  }
}

function normalise(word: string, { lowercase, stripAccents }: WordPieceConfig): string {
  const cased = lowercase ? word.toLowerCase() : word;
  return stripAccents ? cased.normalize('NFD').replace(/\p{Mn}/gu, '') : cased;
}

/** Longest match first; a word that does not come out is unknown as a whole. */
function piecesOf(word: string, { vocabulary, continuation, unknown, longestWord }: WordPieceConfig): readonly number[] {
  const points = [...word];
  if (points.length > longestWord) return [unknown];
  const pieces: number[] = [];
  for (let from = 0; from < points.length; ) {
    let to = points.length;
    let found: number | undefined;
    for (; to > from; to--) {
      found = vocabulary.get((from === 0 ? '' : continuation) + points.slice(from, to).join(''));
      if (found !== undefined) break;
    }
    if (found === undefined) return [unknown];
    pieces.push(found);
    from = to;
  }
  return pieces.length === 0 ? [unknown] : pieces;
}
