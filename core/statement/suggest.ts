/** Quick fixes that remove the need to ask, or make what is asked for smaller. */
import type { Detector, TextEdit } from '../engine/detector.ts';
import type { Dialect } from '../wire/statement.ts';
import type { Analyser, LineageOutput, Suggestion } from './analyse.ts';
import { assess } from './assess.ts';
import type { Catalogue } from './catalogue.ts';
import type { Inventory } from './inventory.ts';
import { lex } from './lexer.ts';
import { personalLiteral } from './preview.ts';
import { type SelectItem, type SelectList, selectList } from './select-list.ts';

export interface SuggestInput {
  readonly analyser: Analyser;
  readonly text: string;
  readonly dialect: Dialect;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly detector: Detector;
}

/** The row cap that is offered: enough to look, too few to copy. */
const offeredLimit = 100;
/** What stands in the place of a masked column's values. */
const maskLiteral = "'***'";

/** Each suggestion has been tried: `harmless` says what the analyser says of the changed text. Empty for a statement that runs at once and has a limit. */
export function suggest(input: SuggestInput): readonly Suggestion[] {
  const { analyser, text, dialect, catalogue, inventory } = input;
  const facts = analyser.facts(text, dialect, catalogue, inventory);
  if (facts.statements !== 1 || !assess(facts, text).sensitive) return [];
  const list = facts.kind === 'select' ? selectList(text, dialect) : undefined;
  const found: { kind: Suggestion['kind']; title: string; edits: readonly TextEdit[] }[] = [];
  if (list) {
    const placed = placeOutputs(list.items, analyser.lineage(text, dialect, catalogue, inventory).outputs);
    if (placed) found.push(...columnEdits(list, placed, dialect));
    if (!list.hasLimit) found.push(limitEdit(list, dialect));
  }
  found.push(...literalEdits(input));
  return found.filter((s) => s.edits.length > 0).map((s) => {
    const changed = apply(text, s.edits);
    return { ...s, harmless: !assess(analyser.facts(changed, dialect, catalogue, inventory), changed).sensitive };
  });
}

/** Applies edits whose offsets are all of the text before them. */
export function apply(text: string, edits: readonly TextEdit[]): string {
  return [...edits].sort((a, b) => b.start - a.start).reduce((out, edit) => out.slice(0, edit.start) + edit.text + out.slice(edit.end), text);
}

interface Placed { readonly item: SelectItem; readonly outputs: readonly LineageOutput[] }

/** Which outputs each item gives; undefined when that can't be told. */
function placeOutputs(items: readonly SelectItem[], outputs: readonly LineageOutput[]): readonly Placed[] | undefined {
  const stars = items.filter((item) => item.star).length;
  if (stars > 1) return undefined;
  const wide = outputs.length - (items.length - stars);
  if (wide < 0 || (stars === 0 && wide !== 0)) return undefined;
  let at = 0;
  return items.map((item) => {
    const count = item.star ? wide : 1;
    const mine = outputs.slice(at, at + count);
    at += count;
    return { item, outputs: mine };
  });
}

function isSensitive(output: LineageOutput): boolean { return output.uncertain || output.sources.some((source) => source.sensitivity); }

function columnEdits(list: SelectList, placed: readonly Placed[], dialect: Dialect): { kind: Suggestion['kind']; title: string; edits: readonly TextEdit[] }[] {
  const sensitive = placed.flatMap((p) => p.outputs.filter(isSensitive));
  if (sensitive.length === 0) return [];
  const names = describe(sensitive);
  const hasStar = placed.some((p) => p.item.star && p.outputs.some(isSensitive));
  const listStart = list.items[0]?.start ?? list.at;
  const listEnd = list.items.at(-1)?.end ?? list.at;
  const replaceWith = (texts: readonly string[]): readonly TextEdit[] => (texts.length === 0 ? [] : [{ start: listStart, end: listEnd, text: texts.join(', ') }]);
  const written = (p: Placed, keep: (output: LineageOutput) => string | undefined): readonly string[] => {
    if (!p.item.star) {
      const [output] = p.outputs;
      if (!output || !isSensitive(output)) return [list.source(p.item)];
      const kept = keep(output);
      return kept === undefined ? [] : [kept];
    }
    const several = new Set(p.outputs.map((o) => o.relation)).size > 1;
    return p.outputs.flatMap((output) => {
      if (isSensitive(output)) { const kept = keep(output); return kept === undefined ? [] : [kept]; }
      const prefix = p.item.star?.qualifier || (several && output.relation !== undefined ? `${quote(output.relation, dialect)}.` : '');
      return [`${prefix}${quote(output.name, dialect)}`];
    });
  };
  const drop = breaksWithout(list, placed) ? [] : replaceWith(placed.flatMap((p) => written(p, () => undefined)));
  const mask = replaceWith(placed.flatMap((p) => written(p, (output) => `${maskLiteral} AS ${quote(output.name || 'masked', dialect)}`)));
  return [
    { kind: hasStar ? 'expand-star' : 'drop-columns', title: hasStar ? `Write out the columns, without ${names}` : `Leave out ${names}`, edits: drop },
    { kind: 'mask-columns', title: `Mask ${names} in the query`, edits: mask },
  ];
}

/** Whether what follows FROM speaks of outputs that would be gone: by position, or by an alias. */
function breaksWithout({ tail, distinct, source }: SelectList, placed: readonly Placed[]): boolean {
  if (tail.positions || (distinct && tail.ordered)) return true;
  return placed.some(({ item, outputs: [output] }) => item.star === undefined && output !== undefined && isSensitive(output)
    && output.name !== '' && tail.words.has(output.name.toLowerCase()) && !isPlain(source(item), output.name));
}

/** `ssn`, `c.ssn`: the column itself, which the rest may name all the same. */
function isPlain(written: string, name: string): boolean {
  return written.toLowerCase().replace(/["`[\]]/g, '').split('.').at(-1)?.trim() === name.toLowerCase();
}

function describe(outputs: readonly LineageOutput[]): string {
  const names = [...new Set(outputs.map((o) => o.name || o.sources[0]?.column || 'a column'))];
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function limitEdit(list: SelectList, dialect: Dialect): { kind: Suggestion['kind']; title: string; edits: readonly TextEdit[] } {
  const edit = dialect === 'sqlserver' ? { start: list.at, end: list.at, text: ` TOP ${offeredLimit}` } : { start: list.end, end: list.end, text: ` LIMIT ${offeredLimit}` };
  return { kind: 'add-limit', title: `Add a limit of ${offeredLimit} rows`, edits: [edit] };
}

/** Personal literals as parameters: the value is then asked for when the statement runs, and stays out of files and approvals. */
function literalEdits({ text, dialect, detector, analyser, catalogue, inventory }: SuggestInput): { kind: Suggestion['kind']; title: string; edits: readonly TextEdit[] }[] {
  const tokens = lex(text, dialect);
  const used = analyser.facts(text, dialect, catalogue, inventory).parameters;
  let next = used.reduce((most, name) => Math.max(most, Number(/\d+$/.exec(name)?.[0] ?? 0)), 0);
  const edits = tokens.flatMap((token, index): readonly TextEdit[] => {
    if (token.unterminated || (token.kind !== 'string' && token.kind !== 'number') || personalLiteral(text, tokens, index, detector) === undefined) return [];
    next += 1;
    const placeholder = dialect === 'postgresql' ? `$${next}` : dialect === 'sqlserver' ? `@p${next}` : '?';
    return [{ start: token.start, end: token.end, text: placeholder }];
  });
  return edits.length === 0 ? [] : [{ kind: 'literal-to-parameter', title: edits.length === 1 ? 'Replace the personal value by a parameter' : `Replace ${edits.length} personal values by parameters`, edits }];
}

const plainName = /^[a-z_][a-z0-9_]*$/;
/** Words that a column may be called and that need quotes in one of the dialects (PostgreSQL appendix C, MySQL 8.4 manual 11.3, Transact-SQL). Quotes do no harm elsewhere. */
const reserved = new Set(`
select from where order group by table user check column index key keys values default primary references grant limit offset join union all and or not null case when then else end desc asc to in is as on using with
rank system groups row rows row_number dense_rank window over lateral function of empty except intersect recursive interval range read write usage int integer char character condition cursor call change database databases
delete insert update div double float drop each exit explain false true force fulltext generated having if ignore into kill leave left like load lock long loop match mod natural numeric option out outer partition procedure
rename repeat replace require return right schema schemas separator set show signal sql ssl starting terminated trigger undo unlock unsigned use varchar virtual while xor zerofill between both cascade collate constraint
convert create cross cube current_date current_time current_timestamp current_user decimal declare describe distinct dual escaped exists fetch for foreign get infile inner leading lines maxvalue modifies only
percent plan precision public purge raiserror reads restrict revoke rule save some session_user statistics stored top trailing tran transaction unique varying view analyse analyze any array asymmetric authorization binary
concurrently deferrable do freeze ilike initially isnull localtime localtimestamp notnull overlaps placing returning session similar symmetric tablesample variadic verbose
`.trim().split(/\s+/));

/** Quotes a name where it needs it; names that hold capital letters are quoted in PostgreSQL only. */
function quote(name: string, dialect: Dialect): string {
  const simple = dialect === 'postgresql' ? name : name.toLowerCase();
  if (plainName.test(simple) && !reserved.has(simple)) return name;
  if (dialect === 'mysql' || dialect === 'mariadb') return `\`${name.replaceAll('`', '``')}\``;
  return dialect === 'sqlserver' ? `[${name.replaceAll(']', ']]')}]` : `"${name.replaceAll('"', '""')}"`;
}
