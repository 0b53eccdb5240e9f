import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPresidio, type PostJson } from './presidio.ts';

const options = { url: 'http://127.0.0.1:5002/', language: 'en', entities: ['PERSON'], scoreThreshold: 0.5, timeoutMs: 1000 };

test('long texts go in batches of passages; offsets come back in UTF-16 of the whole', async () => {
  const sentence = 'Some prose with a smile 😀 and Ünïcode, about Quentin Marlow. ';
  const text = `${sentence.repeat(3000)}\n\n12345 67890\n\n`;
  const batches: number[] = [];
  const post: PostJson = async (url, body) => {
    assert.equal(url, 'http://127.0.0.1:5002/analyze');
    const { text: texts, language, entities, score_threshold } = body as { text: string[]; language: string; entities: string[]; score_threshold: number };
    assert.deepEqual([language, entities, score_threshold], ['en', ['PERSON'], 0.5]);
    batches.push(texts.length);
    return {
      status: 200,
      body: texts.map((one) => {
        assert.ok(one.length <= 4000);
        const points = [...one].join('\u0000').split('\u0000');
        const joined = points.map((point) => (point.length > 1 ? 'x' : point)).join('');
        return [...joined.matchAll(/Quentin Marlow/g)].map(({ index }) => ({ entity_type: 'PERSON', start: index, end: index + 14, score: 0.9 }));
      }),
    };
  };
  const answer = await createPresidio(options, post).analyze(text, new AbortController().signal);
  assert.ok(answer.kind === 'spans');
  assert.equal(answer.spans.length, 3000);
  assert.ok(answer.spans.every(({ start, end }) => text.slice(start, end) === 'Quentin Marlow'));
  assert.ok(batches.length > 1 && batches.every((size) => size <= 25));
});

const cases: readonly (readonly [string, PostJson, RegExp])[] = [
  ['an error status', async () => ({ status: 500, body: { error: 'Quentin' } }), /answered 500/],
  ['another shape', async () => ({ status: 200, body: { a: 1 } }), /another shape/],
  ['fewer lists than texts', async () => ({ status: 200, body: [] }), /another shape/],
  ['no connection', async () => Promise.reject(new TypeError('fetch failed')), /can't be reached/],
  ['a time-out', async () => Promise.reject(new DOMException('late', 'TimeoutError')), /longer than 1000 ms/],
];
for (const [name, post, why] of cases) {
  test(`${name} is said, without text`, async () => {
    const answer = await createPresidio(options, post).analyze('Quentin Marlow', new AbortController().signal);
    assert.ok(answer.kind === 'down');
    assert.match(answer.why, why);
    assert.doesNotMatch(answer.why, /Quentin/);
  });
}

test('unsound spans are left out', async () => {
  const bad = [null, 7, {}, { entity_type: 'person', start: 0, end: 1, score: 1 }, { entity_type: 'PERSON', start: 2, end: 1, score: 1 }, { entity_type: 'PERSON', start: 0, end: 1, score: 7 }, { entity_type: 'PERSON', start: -1, end: 1, score: 1 }];
  const answer = await createPresidio(options, async () => ({ status: 200, body: [[...bad, { entity_type: 'PERSON', start: 0, end: 99, score: 1 }]] })).analyze('abc', new AbortController().signal);
  assert.ok(answer.kind === 'spans');
  assert.deepEqual(answer.spans.map(({ start, end }) => [start, end]), [[0, 3]]);
});

test('cancelled before and while it waits', async () => {
  const abort = new AbortController();
  const post: PostJson = (_url, _body, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  const pending = createPresidio(options, post).analyze('abc', abort.signal);
  abort.abort();
  assert.deepEqual(await pending, { kind: 'cancelled' });
  assert.deepEqual(await createPresidio(options, post).analyze('abc', abort.signal), { kind: 'cancelled' });
});
