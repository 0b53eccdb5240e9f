import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from './classify.ts';
import { commonLabels, spansOf } from './labels.ts';
import { readTokenizer, tokenize } from './word-piece.ts';

const vocab = Object.fromEntries(['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'un', '##aff', '##able', 'quentin', 'muller', '.', '#', '東', '京', 'the'].map((token, index) => [token, index]));
const tokenizer = (normalizer: object = { lowercase: true, strip_accents: null }) => readTokenizer({ model: { type: 'WordPiece', vocab, unk_token: '[UNK]', continuing_subword_prefix: '##' }, normalizer });

const cases: readonly (readonly [string, readonly (readonly [string, number, readonly number[]])[]])[] = [
  ['unaffable', [['unaffable', 0, [4, 5, 6]]]],
  ['The Müller.', [['The', 0, [13]], ['Müller', 4, [8]], ['.', 10, [9]]]],
  ['😀 quentin#東京', [['😀', 0, [1]], ['quentin', 3, [7]], ['#', 10, [10]], ['東', 11, [11]], ['京', 12, [12]]]],
  ['  \n', []],
  [`${'a'.repeat(101)}`, [['a'.repeat(101), 0, [1]]]],
];
for (const [text, want] of cases) {
  test(`word pieces of ${JSON.stringify(text.slice(0, 20))}`, () => {
    assert.deepEqual([...tokenize(text, tokenizer())].map(({ start, end, pieces }) => [text.slice(start, end), start, pieces]), want);
  });
}

test('a cased model keeps case and accents', () => {
  assert.deepEqual([...tokenize('Quentin quentin', tokenizer({ lowercase: false }))].map(({ pieces }) => pieces), [[1], [7]]);
});

test('other tokenizers are refused by name', () => {
  assert.throws(() => readTokenizer({ model: { type: 'Unigram', vocab: [] } }), /Unigram.*WordPiece/);
  assert.throws(() => readTokenizer({ model: { type: 'WordPiece', vocab: {} } }), /no \[UNK\]/);
});

const labels = ['O', 'B-PER', 'I-PER', 'B-MISC', 'B-LOC'];
const word = (start: number, label: string) => ({ start, end: start + 3, logits: labels.map((one) => (one === label ? 9 : 0)) });
test('labels become spans: B begins, I continues, unknown labels end', () => {
  const spans = spansOf([word(0, 'B-PER'), word(4, 'I-PER'), word(8, 'B-PER'), word(12, 'O'), word(16, 'I-PER'), word(20, 'B-MISC'), word(24, 'B-LOC')], labels, commonLabels, 'why');
  assert.deepEqual(spans.map(({ entity, start, end }) => [entity, start, end]), [['PERSON', 0, 7], ['PERSON', 8, 11], ['PERSON', 16, 19], ['LOCATION', 24, 27]]);
  assert.ok(spans.every(({ score }) => score > 0.99));
});

test('a long text goes in windows, and each word is judged once, with words before it', async () => {
  const text = 'the the the quentin muller . unaffable '.repeat(120);
  let longest = 0;
  const spans = await classify(text, {
    tokenizer: tokenizer(), labels, entities: commonLabels,
    run: async (ids) => {
      longest = Math.max(longest, ids.length);
      assert.deepEqual([ids[0], ids.at(-1)], [2, 3]);
      // `muller` is a person only after `quentin`: needs the word before in the same window.
      return ids.flatMap((id, at) => labels.map((label) => ((id === 7 && label === 'B-PER') || (id === 8 && ids[at - 1] === 7 && label === 'I-PER') || (id !== 7 && id !== 8 && label === 'O') ? 9 : 0)));
    },
  }, 'why');
  assert.equal(spans.length, 120);
  assert.ok(spans.every(({ start, end }) => text.slice(start, end) === 'quentin muller'));
  assert.ok(longest <= 128);
});
