/** Every sentence that the client says through `l10n.t` stands in the bundle that translators get, and every setting and command in package.nls.json. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Sentences in the order of their files. A call whose first argument is no literal can't be translated. */
function sentences(): { readonly said: ReadonlySet<string>; readonly unreadable: readonly string[] } {
  const said = new Set<string>();
  const unreadable: string[] = [];
  const literal = String.raw`'((?:[^'\\]|\\.)*)'`;
  // Pages say theirs through functions of their own; `counted` has two sentences.
  const inHost = new RegExp(String.raw`\bl10n\.t\(\s*(?:${literal}|"((?:[^"\\]|\\.)*)"|([^)]{0,40}))`, 'g');
  const inPage = new RegExp(String.raw`(?<![\w.])(?:t|rich)\(\s*(?:${literal}|"((?:[^"\\]|\\.)*)"|([^)]{0,40}))`, 'g');
  const counted = new RegExp(String.raw`\bcounted\([^,()]+(?:\([^()]*\))?[^,()]*,\s*${literal},\s*${literal}`, 'g');
  const add = (text: string): void => void said.add(text.replaceAll(/\\(.)/g, '$1'));
  for (const file of globSync('client/**/*.{ts,tsx}', { cwd: root }).filter((path) => !path.endsWith('.test.ts') && !path.endsWith('l10n.ts'))) {
    const text = read(file);
    for (const [, single, double, other] of text.matchAll(file.includes('webview') ? inPage : inHost)) {
      const sentence = single ?? double;
      if (sentence !== undefined) add(sentence);
      else unreadable.push(`${file}: ${other ?? ''}`);
    }
    if (file.includes('webview')) for (const [, one, many] of text.matchAll(counted)) { add(one ?? ''); add(many ?? ''); }
  }
  return { said, unreadable };
}

test('the bundle holds exactly what the client says', () => {
  const { said, unreadable } = sentences();
  assert.deepEqual(unreadable, []);
  const bundle = Object.keys(JSON.parse(read('l10n/bundle.l10n.json')) as Record<string, string>);
  assert.deepEqual(bundle.toSorted(), [...said].toSorted());
});

test('package.nls.json holds exactly what the manifest names', () => {
  const named = new Set([...read('package.json').matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key));
  assert.deepEqual(Object.keys(JSON.parse(read('package.nls.json')) as object).toSorted(), [...named].toSorted());
});

/** Commands that a text links to, and places for values: what a translation must keep. */
const kept = (text: string): readonly string[] => [...text.matchAll(/\{\d\}|\(command:[\w.]+\)|\$\{\w+\}/g)].map(([found]) => found).toSorted();

for (const [english, translations] of [['l10n/bundle.l10n.json', globSync('l10n/bundle.l10n.*.json', { cwd: root })], ['package.nls.json', globSync('package.nls.*.json', { cwd: root })]] as const) {
  const original = JSON.parse(read(english)) as Readonly<Record<string, string>>;
  test(`${english} is translated`, () => assert.ok(translations.length > 0));
  for (const file of translations) {
    test(`${file} has every sentence, with its values and links`, () => {
      const translated = JSON.parse(read(file)) as Readonly<Record<string, string>>;
      assert.deepEqual(Object.keys(translated).toSorted(), Object.keys(original).toSorted());
      for (const [key, text] of Object.entries(original)) {
        assert.notEqual((translated[key] ?? '').trim(), '', key);
        assert.deepEqual(kept(translated[key] ?? ''), kept(text), key);
      }
    });
  }
}
