/** The page's words in the user's language: the extension puts its translations into the page, the English text is the key. */
import type { ComponentChild } from 'preact';

type Bundle = Readonly<Record<string, string | { readonly message: string }>>;
type Value = string | number;

/** Where `webviewHtml` puts the translations: a data block, which no content policy runs. */
const blockId = 'l10n';

const bundle = readBundle();

function readBundle(): Bundle {
  try {
    return JSON.parse(document.getElementById(blockId)?.textContent ?? '{}') as Bundle;
  } catch {
    return {};
  }
}

function translated(message: string): string {
  const found = Object.hasOwn(bundle, message) ? bundle[message] : undefined;
  return typeof found === 'string' ? found : found?.message ?? message;
}

/** `{0}`, `{1}`… become the values, as in `vscode.l10n.t`. */
export function t(message: string, ...values: readonly Value[]): string {
  return translated(message).replaceAll(/\{(\d+)\}/g, (all, index: string) => String(values[Number(index)] ?? all));
}

/** One of two whole sentences by number, so that both can be translated; `{0}` is the number. */
export function counted(number: number, one: string, many: string): string {
  return t(number === 1 ? one : many, number.toLocaleString());
}

/** The same with elements in the places. */
export function rich(message: string, ...parts: readonly ComponentChild[]): readonly ComponentChild[] {
  return translated(message).split(/(\{\d+\})/).map((part) => {
    const index = /^\{(\d+)\}$/.exec(part)?.[1];
    return index === undefined ? part : parts[Number(index)];
  });
}
