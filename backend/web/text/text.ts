/** The language of the page: the browser's first one that the inbox knows, else English. Fixed when the page is opened. */
import { de } from './de.ts';
import { en, type Text } from './en.ts';

const known: readonly Text[] = [en, de];

/** @param wanted language tags (BCP 47), the preferred one first */
export function textFor(wanted: readonly string[]): Text {
  for (const tag of wanted) {
    const found = known.find(({ lang }) => tag.toLowerCase() === lang || tag.toLowerCase().startsWith(`${lang}-`));
    if (found !== undefined) return found;
  }
  return en;
}

export const t: Text = textFor(navigator.languages);
