/** Cells and outputs of a Jupyter notebook (nbformat 4): sources in their language, outputs as the tables and texts they show. */
import { DecodedText } from './decoded.ts';
import { decodeJsonString } from './escaped-strings.ts';
import { eachJsonString, type JsonString } from './json-strings.ts';
import type { Region } from './region.ts';

interface Text { readonly pieces: { readonly start: number; readonly end: number }[]; readonly kind: 'source' | 'html' | 'plain' | 'markdown'; readonly cell: number }

export interface Notebook {
  readonly regions: readonly Region[];
  /** Where the text stops being JSON; then there are no regions. */
  readonly brokenAt: number | undefined;
}

/** What JSON strings hold of each cell, whole: a source that is written as a list of lines is one text. */
export function notebookCells(text: string): Notebook {
  const texts = new Map<string, Text>();
  const cellTypes = new Map<number, string>();
  let language = 'python';
  const brokenAt = eachJsonString(text, (string) => {
    const { path } = string;
    if (path[0] === 'metadata' && ((path[1] === 'kernelspec' && path[2] === 'language') || (path[1] === 'language_info' && path[2] === 'name'))) language = text.slice(string.start, string.end).toLowerCase();
    if (path[0] !== 'cells' || typeof path[1] !== 'number') return;
    const cell = path[1];
    if (path[2] === 'cell_type') cellTypes.set(cell, text.slice(string.start, string.end));
    else collect(texts, cell, string);
  });
  if (brokenAt !== undefined) return { regions: [], brokenAt };
  const regions: Region[] = [];
  for (const one of texts.values()) {
    const content = new DecodedText(text);
    for (const { start, end } of one.pieces) decodeJsonString(text, start, end, content);
    const first = one.pieces[0]!, last = one.pieces[one.pieces.length - 1]!;
    regions.push({ start: first.start, end: last.end, content, kind: kindOf(one, cellTypes.get(one.cell), language), field: undefined, writing: 'escaped' });
  }
  return { regions: regions.sort((a, b) => a.start - b.start), brokenAt };
}

/** `cells[i].source`, `cells[i].outputs[j].text`, `cells[i].outputs[j].data["text/html"]`, each a string or a list of strings. */
function collect(texts: Map<string, Text>, cell: number, { path, start, end }: JsonString): void {
  const add = (key: string, kind: Text['kind']): void => {
    const known = texts.get(key);
    if (known) known.pieces.push({ start, end });
    else texts.set(key, { pieces: [{ start, end }], kind, cell });
  };
  if (path[2] === 'source') add(`${cell} source`, 'source');
  if (path[2] !== 'outputs') return;
  const key = `${cell} ${path[3]}`;
  if (path[4] === 'text') add(`${key} text`, 'plain');
  else if (path[4] === 'traceback') add(`${key} traceback ${path[5]}`, 'plain');
  else if (path[4] === 'data' && typeof path[5] === 'string') {
    if (path[5] === 'text/html') add(`${key} html`, 'html');
    else if (path[5] === 'text/plain' || path[5] === 'text/markdown') add(`${key} ${path[5]}`, path[5] === 'text/plain' ? 'plain' : 'markdown');
  }
}

function kindOf(text: Text, cellType: string | undefined, language: string): { readonly languageId: string; readonly filename?: string } {
  switch (text.kind) {
    case 'html': return { languageId: 'html' };
    case 'markdown': return { languageId: 'markdown' };
    case 'plain': return { languageId: 'plaintext', filename: 'output.txt' };
    case 'source': return { languageId: cellType === 'markdown' ? 'markdown' : cellType === 'raw' ? 'plaintext' : LANGUAGES.get(language) ?? language };
  }
}

/** Kernel languages whose VS Code language id is another. */
const LANGUAGES: ReadonlyMap<string, string> = new Map([['ir', 'r'], ['c++', 'cpp'], ['c#', 'csharp'], ['f#', 'fsharp'], ['bash', 'shellscript'], ['node', 'javascript'], ['pyspark', 'python'], ['ipython', 'python']]);
