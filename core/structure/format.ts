/** What a document's text is made of, from its language id or its file name; the content decides only when both are silent. */
import type { DocumentKind } from '../engine/detector.ts';

export type Format = 'code' | 'csv' | 'json' | 'yaml' | 'properties' | 'xml' | 'sql' | 'log' | 'markdown' | 'diff' | 'vcard' | 'ldif' | 'mail' | 'text';

const BY_LANGUAGE: Readonly<Record<string, Format>> = {
  csv: 'csv', tsv: 'csv', 'csv (semicolon)': 'csv', 'dynamic csv': 'csv', json: 'json', jsonc: 'json', jsonl: 'json', json5: 'json', yaml: 'yaml', dockercompose: 'yaml',
  dotenv: 'properties', env: 'properties', properties: 'properties', ini: 'properties', toml: 'properties', xml: 'xml', html: 'xml', xsl: 'xml', svg: 'xml', vue: 'code',
  sql: 'sql', mysql: 'sql', postgres: 'sql', pgsql: 'sql', plsql: 'sql', tsql: 'sql', log: 'log', output: 'log', markdown: 'markdown', diff: 'diff', plaintext: 'text', text: 'text',
  vcard: 'vcard', icalendar: 'vcard', ldif: 'ldif', eml: 'mail', email: 'mail',
};
const BY_EXTENSION: Readonly<Record<string, Format>> = {
  csv: 'csv', tsv: 'csv', tab: 'csv', psv: 'csv', json: 'json', jsonl: 'json', ndjson: 'json', geojson: 'json', ipynb: 'json', har: 'json', yaml: 'yaml', yml: 'yaml',
  env: 'properties', properties: 'properties', ini: 'properties', cfg: 'properties', conf: 'properties', toml: 'properties',
  xml: 'xml', html: 'xml', htm: 'xml', xhtml: 'xml', svg: 'xml', plist: 'xml', sql: 'sql', ddl: 'sql', dump: 'sql', log: 'log', out: 'log',
  md: 'markdown', markdown: 'markdown', rst: 'markdown', adoc: 'markdown', diff: 'diff', patch: 'diff', txt: 'text', text: 'text', vcf: 'vcard', vcard: 'vcard', ics: 'vcard', ldif: 'ldif', eml: 'mail', mbox: 'mail', http: 'log', rest: 'log',
};
const CODE_EXTENSIONS = new Set('ts tsx mts cts js jsx mjs cjs py pyi java kt kts scala groovy go rs rb php c h cc cpp cxx hpp hh cs fs vb swift m mm dart lua pl pm r jl sh bash zsh fish ps1 bat cmd tf hcl proto graphql gql vue svelte astro ex exs erl hs clj elm sol zig nim css scss less asm s'.split(' '));

export function formatOf(kind: DocumentKind, text: string): Format {
  const extension = extensionOf(kind.filename);
  // A file name is more precise than `plaintext`; otherwise the editor's language id wins.
  const language = kind.languageId?.toLowerCase();
  if (language && language !== 'plaintext') {
    const known = BY_LANGUAGE[language];
    if (known) return known;
    if (extension === '' || !(extension in BY_EXTENSION)) return 'code';
  }
  const byExtension = BY_EXTENSION[extension];
  if (byExtension) return byExtension === 'text' ? sniff(text) : byExtension;
  if (CODE_EXTENSIONS.has(extension)) return 'code';
  return sniff(text);
}

function extensionOf(filename: string | undefined): string {
  if (!filename) return '';
  const name = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1).toLowerCase();
  if (name === '.env' || name.startsWith('.env.')) return 'env';
  return name.slice(name.lastIndexOf('.') + 1);
}

/** For pasted text and documents without a name: the first line that isn't blank, with limits. */
function sniff(text: string): Format {
  const head = text.slice(0, 2000).trimStart();
  if (/^(?:\{\s*["}]|\[\s*(?:[[{"\]]|-?\d+(?:\.\d+)?\s*[,\]]\s*[-\d"[{\]]))/.test(head)) return 'json';
  if (/^(?:<\?xml|<!doctype|<html|<svg)/i.test(head)) return 'xml';
  if (/^diff --git |^--- .*\n\+\+\+ /.test(head)) return 'diff';
  if (/^\s*(?:insert\s+into|select\s|create\s+table|update\s+\w+\s+set|copy\s+\w)/i.test(head)) return 'sql';
  if (looksLikeCsv(head)) return 'csv';
  if (/^BEGIN:V(?:CARD|CALENDAR|EVENT)\b/i.test(head)) return 'vcard';
  if (/^(?:version: 1\s+)?dn::? /i.test(head)) return 'ldif';
  if (/^(?:(?:return-path|received|delivered-to|message-id|from|to|cc|subject|date|reply-to|mime-version|x-[\w-]+): [^\n]*\r?\n(?:[ \t][^\n]*\n)*){2}/i.test(head)) return 'mail';
  return 'text';
}

function looksLikeCsv(head: string): boolean {
  const [first, second] = head.split(/\r?\n/, 2);
  if (!first || !second) return false;
  return [',', ';', '\t', '|'].some((delimiter) => {
    const cells = first.split(delimiter);
    return cells.length >= 2 && cells.every((cell) => /^\s*"?[\p{L}_][\p{L}\p{N}_ .-]{0,40}"?\s*$/u.test(cell)) && second.split(delimiter).length >= cells.length && (cells.length >= 3 || delimiter === '\t' || /[_"]|^\w+$/.test(first.replaceAll(delimiter, '')));
  });
}

/** Lock files, checksums, source maps and minified bundles: long lists of numbers that belong to nobody. */
export function isMachineFile(filename: string | undefined): boolean {
  if (!filename) return false;
  const name = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1).toLowerCase();
  return /(?:^package-lock\.json|^npm-shrinkwrap\.json|^yarn\.lock|^pnpm-lock\.ya?ml|^bun\.lockb?|^go\.sum|^cargo\.lock|^poetry\.lock|^uv\.lock|^pipfile\.lock|^composer\.lock|^gemfile\.lock|^flake\.lock|^deno\.lock|\.min\.(?:js|css|mjs)|\.map|\.sha\d+|sums)$/.test(name);
}
