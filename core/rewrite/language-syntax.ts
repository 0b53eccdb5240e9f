/** Comment and string syntax per language id: enough to put a comment or a replacement where it does not change the program. */

export interface StringSyntax {
  readonly open: string;
  readonly close: string;
  /** How the closing quote is written inside: `\"` or doubled, or not at all. */
  readonly escape: 'backslash' | 'double' | 'none';
  readonly multiline?: boolean;
}

export interface LanguageSyntax {
  readonly line?: string;
  readonly block?: readonly [string, string];
  readonly strings: readonly StringSyntax[];
  /** False where a line comment must stand on its own line (`.properties`, Dockerfile). */
  readonly trailing: boolean;
  /** True where `/…/` may be a regular expression literal. */
  readonly regexLiterals?: boolean;
  /** The grammar in which bare (unquoted) values stand. */
  readonly bare: 'code' | 'json' | 'yaml' | 'csv' | 'xml' | 'env' | 'text';
}

const double: StringSyntax = { open: '"', close: '"', escape: 'backslash' };
const single: StringSyntax = { open: "'", close: "'", escape: 'backslash' };
const template: StringSyntax = { open: '`', close: '`', escape: 'backslash', multiline: true };
const rawBacktick: StringSyntax = { open: '`', close: '`', escape: 'none', multiline: true };
const triples: readonly StringSyntax[] = [
  { open: '"""', close: '"""', escape: 'backslash', multiline: true },
  { open: "'''", close: "'''", escape: 'backslash', multiline: true },
];
const doubled = (quote: string): StringSyntax => ({ open: quote, close: quote, escape: 'double', multiline: true });

const cLike: LanguageSyntax = { line: '//', block: ['/*', '*/'], strings: [double, single], trailing: true, bare: 'code' };
const script: LanguageSyntax = { ...cLike, strings: [double, single, template], regexLiterals: true };
const hash: LanguageSyntax = { line: '#', strings: [double, single], trailing: true, bare: 'code' };
const sql: LanguageSyntax = { line: '--', block: ['/*', '*/'], strings: [doubled("'"), doubled('"')], trailing: true, bare: 'code' };
const xml: LanguageSyntax = { block: ['<!--', '-->'], strings: [{ open: '<', close: '>', escape: 'none', multiline: true }], trailing: true, bare: 'xml' };
const csv: LanguageSyntax = { strings: [doubled('"')], trailing: false, bare: 'csv' };
const text: LanguageSyntax = { strings: [], trailing: false, bare: 'text' };
const css: LanguageSyntax = { block: ['/*', '*/'], strings: [double, single], trailing: true, bare: 'code' };

const byLanguage: ReadonlyMap<string, LanguageSyntax> = new Map<string, LanguageSyntax>([
  ...['javascript', 'javascriptreact', 'typescript', 'typescriptreact'].map((id) => [id, script] as const),
  ...['c', 'cpp', 'objective-c', 'objective-cpp', 'cuda-cpp', 'dart', 'php'].map((id) => [id, cLike] as const),
  ...['java', 'kotlin', 'scala', 'groovy', 'swift', 'csharp'].map((id) => [id, { ...cLike, strings: [triples[0]!, double, single] }] as const),
  ['go', { ...cLike, strings: [double, rawBacktick] }],
  // Rust's lifetimes ('a) make single quotes no string delimiter.
  ['rust', { ...cLike, strings: [{ ...double, multiline: true }] }],
  ['python', { ...hash, strings: [...triples, double, single] }],
  ...['ruby', 'perl', 'perl6', 'r', 'elixir', 'coffeescript', 'makefile'].map((id) => [id, hash] as const),
  ['julia', { ...hash, strings: [triples[0]!, double] }],
  ['shellscript', { ...hash, strings: [{ ...double, multiline: true }, { open: "'", close: "'", escape: 'none', multiline: true }] }],
  ['powershell', { line: '#', block: ['<#', '#>'], strings: [{ ...double, escape: 'double' }, doubled("'")], trailing: true, bare: 'code' }],
  ['dockerfile', { ...hash, trailing: false }],
  ['terraform', hash],
  ['toml', { ...hash, strings: [...triples, double, { ...single, escape: 'none' }] }],
  ['yaml', { line: '#', strings: [{ ...double, multiline: true }, doubled("'")], trailing: true, bare: 'yaml' }],
  ['dockercompose', { line: '#', strings: [{ ...double, multiline: true }, doubled("'")], trailing: true, bare: 'yaml' }],
  ['dotenv', { line: '#', strings: [{ ...double, multiline: true }, { ...single, escape: 'none' }], trailing: true, bare: 'env' }],
  ['properties', { line: '#', strings: [], trailing: false, bare: 'text' }],
  ['ini', { line: ';', strings: [], trailing: false, bare: 'text' }],
  ['jsonc', { line: '//', block: ['/*', '*/'], strings: [double], trailing: true, bare: 'json' }],
  ['json5', { line: '//', block: ['/*', '*/'], strings: [double, single], trailing: true, bare: 'json' }],
  ...['json', 'jsonl', 'ndjson', 'geojson'].map((id) => [id, { strings: [double], trailing: false, bare: 'json' }] as const),
  ...['sql', 'plsql', 'pgsql', 'mysql', 'sqlite', 'postgres'].map((id) => [id, sql] as const),
  ['lua', { line: '--', strings: [double, single], trailing: true, bare: 'code' }],
  ['haskell', { line: '--', block: ['{-', '-}'], strings: [double], trailing: true, bare: 'code' }],
  ...['css'].map((id) => [id, css] as const),
  ...['scss', 'less'].map((id) => [id, { ...css, line: '//' }] as const),
  ...['html', 'xml', 'xsl', 'svg', 'vue', 'svelte'].map((id) => [id, xml] as const),
  ['markdown', { block: ['<!--', '-->'], strings: [], trailing: true, bare: 'text' }],
  ...['csv', 'tsv', 'csv (semicolon)', 'csv (pipe)', 'psv', 'dynamic csv'].map((id) => [id, csv] as const),
  ...['plaintext', 'log', 'git-commit', 'diff'].map((id) => [id, text] as const),
]);

const byExtension: ReadonlyMap<string, string> = new Map([
  ['csv', 'csv'], ['tsv', 'csv'], ['psv', 'csv'], ['json', 'json'], ['jsonl', 'json'], ['ndjson', 'json'], ['ipynb', 'json'], ['geojson', 'json'], ['jsonc', 'jsonc'], ['json5', 'json5'],
  ['yaml', 'yaml'], ['yml', 'yaml'], ['env', 'dotenv'], ['toml', 'toml'], ['xml', 'xml'], ['html', 'html'], ['htm', 'html'], ['svg', 'xml'],
  ['sql', 'sql'], ['ts', 'typescript'], ['mts', 'typescript'], ['cts', 'typescript'], ['tsx', 'typescriptreact'], ['js', 'javascript'], ['mjs', 'javascript'], ['cjs', 'javascript'], ['jsx', 'javascriptreact'],
  ['py', 'python'], ['rb', 'ruby'], ['go', 'go'], ['rs', 'rust'], ['java', 'java'], ['kt', 'kotlin'], ['cs', 'csharp'], ['php', 'php'], ['c', 'c'], ['h', 'c'], ['cpp', 'cpp'], ['hpp', 'cpp'], ['swift', 'swift'], ['scala', 'scala'],
  ['sh', 'shellscript'], ['bash', 'shellscript'], ['ps1', 'powershell'], ['pl', 'perl'], ['r', 'r'], ['lua', 'lua'], ['tf', 'terraform'], ['ini', 'ini'], ['cfg', 'ini'], ['properties', 'properties'],
  ['md', 'markdown'], ['css', 'css'], ['scss', 'scss'], ['less', 'less'], ['log', 'log'], ['txt', 'plaintext'],
]);

/** The language id that VS Code would give the file by its extension; undefined when unknown. */
export function languageOfFile(filename: string): string | undefined {
  const name = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1).toLowerCase();
  if (name === '.env' || name.startsWith('.env.')) return 'dotenv';
  if (name === 'dockerfile' || name.startsWith('dockerfile.')) return 'dockerfile';
  if (name === 'makefile') return 'makefile';
  return byExtension.get(name.slice(name.lastIndexOf('.') + 1));
}

/** By language id, else by the file's extension, else plain text. */
export function syntaxOf(languageId: string, filename: string): LanguageSyntax {
  const known = byLanguage.get(languageId.toLowerCase());
  const specific = known !== undefined && languageId !== 'plaintext' ? known : undefined;
  return specific ?? byLanguage.get(languageOfFile(filename) ?? languageId) ?? text;
}
