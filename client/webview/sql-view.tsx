/** A statement with keywords, literals and comments told apart, and sensitive columns marked. Only for reading: the facts come from a real parser. */
interface Props { readonly text: string; readonly sensitive: ReadonlySet<string> }

const token = /(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*')|("(?:[^"]|"")*"|`[^`]*`|[A-Za-z_][\w$]*)|(\d+(?:\.\d+)?)|([\s\S])/g;
const keywords = new Set(('select from where and or not in is null as on join left right full inner outer cross group by order having limit offset union all distinct insert into values ' +
  'update set delete create table view drop alter with case when then else end between like ilike exists asc desc returning copy to explain analyze using over partition cast').split(' '));

export function Sql({ text, sensitive }: Props) {
  const parts = [...text.matchAll(token)].map(([all, comment, literal, word, number], index) => {
    const bare = word?.replaceAll(/^["`]|["`]$/g, '').toLowerCase() ?? '';
    const kind = comment !== undefined ? 'comment' : literal !== undefined ? 'literal' : number !== undefined ? 'number'
      : sensitive.has(bare) ? 'sensitive' : keywords.has(bare) ? 'keyword' : undefined;
    return kind === undefined ? all : kind === 'sensitive' ? <mark key={index} title="sensitive column">{all}</mark> : <span key={index} class={kind}>{all}</span>;
  });
  return <pre class="sql" tabIndex={0}>{parts}</pre>;
}
