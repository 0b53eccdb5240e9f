/** Values that are themselves the name of their field: forms and translations, `first_name: "First name"`, `vorname: "Bitte Vorname eingeben"`. */
import { joinWords, splitIdentifier } from './identifier.ts';

/** A label is short. */
const LONGEST_LABEL = 60;
/** What is written behind a label. */
const TRAILING = /[\s:*?!.…)]+$/;

/** Tells whether a value ends with one of the names, so that it describes the field and doesn't fill it. */
export function labelTest(names: readonly string[]): (value: string) => boolean {
  const phrases = new Set(names.map((name) => joinWords(splitIdentifier(name))));
  const lastWords = new Set(names.map((name) => splitIdentifier(name).at(-1) ?? ''));
  const longest = Math.max(0, ...names.map((name) => splitIdentifier(name).length));
  return (value) => {
    if (value.length > LONGEST_LABEL) return false;
    const text = value.replace(TRAILING, '');
    // Most values end with a word that no name ends with.
    const last = splitIdentifier(text.slice(text.search(/[^\s_-]*$/))).at(-1);
    if (last === undefined || !lastWords.has(last)) return false;
    const words = splitIdentifier(text);
    // `31 Station Street` is one, `Address line 1` is none.
    if (/\d/.test(text)) return phrases.has(joinWords(words));
    for (let count = 1; count <= Math.min(longest, words.length); count++) if (phrases.has(joinWords(words.slice(-count)))) return true;
    return false;
  };
}
