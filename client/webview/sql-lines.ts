/** A statement as coloured lines, for reading only: what a statement does is in its facts, which a real parser made. */

export type SqlKind = 'comment' | 'literal' | 'number' | 'keyword' | 'name' | 'other';
export interface SqlPart { readonly kind: SqlKind; readonly text: string; /** Of names: lower case, without quotes. */ readonly name?: string }

const token = /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*(?:'|$))|("(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|[\p{L}_][\p{L}\p{N}_$]*)|(\d+(?:\.\d+)?)|([\s\S])/gu;
const keywords = new Set(('select from where and or not in is null as on join left right full inner outer cross group by order having limit offset union all distinct insert into values ' +
  'update set delete create table view drop alter with case when then else end between like ilike exists asc desc returning copy to explain analyze using over partition cast').split(' '));

/** Every character of the text is in exactly one part; parts never hold a line break. Linear in the text. */
export function sqlLines(text: string): readonly (readonly SqlPart[])[] {
  const lines: SqlPart[][] = [[]];
  for (const [all, comment, literal, word, number] of text.matchAll(token)) {
    const name = word?.replaceAll(/^["`]|["`]$/g, '').toLowerCase();
    const kind: SqlKind = comment !== undefined ? 'comment' : literal !== undefined ? 'literal' : number !== undefined ? 'number'
      : name === undefined ? 'other' : keywords.has(name) ? 'keyword' : 'name';
    for (const [index, part] of all.split(/\r\n|\r|\n/).entries()) {
      if (index > 0) lines.push([]);
      const line = lines.at(-1);
      const last = line?.at(-1);
      if (part === '' || line === undefined) continue;
      if (kind === 'other' && last?.kind === 'other') line[line.length - 1] = { kind, text: last.text + part };
      else line.push({ kind, text: part, ...(kind === 'name' && name !== undefined ? { name } : {}) });
    }
  }
  return lines;
}
