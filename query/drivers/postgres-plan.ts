/**
 * Base columns in a plan of PostgreSQL (`EXPLAIN (VERBOSE, FORMAT JSON)`): views, rules, inheritance and row security are
 * expanded in it, so it is a look at the statement that shares nothing with our own parsing.
 * Source: postgresql.org/docs/current/sql-explain.html; explain.c and ruleutils.c for how expressions are written.
 */
import { lex } from '#core/statement/lexer.ts';
import type { ColumnOrigin } from './driver.ts';

type Plan = Readonly<Record<string, unknown>>;

/**
 * Every base column that the plan outputs, filters, joins, sorts or groups by. With a single relation in the plan columns
 * stand alone, like names of functions and types: whoever calls drops what the catalogue does not know. What a scan hands to a join or an aggregate
 * is left out: the planner lets it hand on whole rows (`use_physical_tlist`), whatever is needed of them.
 */
export function columnsOfPlan(explained: unknown): readonly ColumnOrigin[] {
  const root = (explained as readonly Plan[] | undefined)?.[0]?.['Plan'] as Plan | undefined;
  if (root === undefined) return [];
  const relations = new Map<string, { readonly schema?: string; readonly table: string }>();
  const texts: string[] = [];
  const walk = (node: Plan, exact: boolean): void => {
    const type = String(node['Node Type'] ?? '');
    const alias = node['Alias'] ?? node['Relation Name'];
    if (typeof node['Relation Name'] === 'string' && typeof alias === 'string') {
      relations.set(alias, { ...(typeof node['Schema'] === 'string' ? { schema: node['Schema'] } : {}), table: node['Relation Name'] });
    }
    const scan = /Scan$/.test(type);
    for (const [key, value] of Object.entries(node)) {
      if (names.has(key) || (key === 'Output' && scan && !exact)) continue;
      if (typeof value === 'string') texts.push(value);
      else if (Array.isArray(value)) texts.push(...value.filter((item): item is string => typeof item === 'string'));
    }
    for (const child of children(node)) {
      const apart = child['Parent Relationship'] === 'InitPlan' || child['Parent Relationship'] === 'SubPlan' || child['Parent Relationship'] === 'Subquery';
      walk(child, apart || exactBelow.has(type) || (exact && passing.has(type)));
    }
  };
  walk(root, true);
  const found = new Map<string, ColumnOrigin>();
  // With a single relation names stand alone.
  const only = relations.size === 1 ? [...relations.values()][0] : undefined;
  for (const text of texts) {
    for (const [alias, column] of references(text)) {
      const relation = alias === undefined ? only : relations.get(alias);
      if (relation) found.set(JSON.stringify([relation.schema, relation.table, column]), { ...relation, column });
    }
  }
  return [...found.values()];
}

/** Fields that name things or say how; the others hold expressions. */
const names: ReadonlySet<string> = new Set(['Node Type', 'Parent Relationship', 'Relation Name', 'Schema', 'Alias', 'Index Name', 'Join Type', 'Strategy', 'Partial Mode', 'Subplan Name', 'CTE Name', 'Function Name', 'Command', 'Operation', 'Scan Direction', 'Custom Plan Provider', 'Plans']);
/** What these are given is exactly what they need. */
const exactBelow: ReadonlySet<string> = new Set(['Sort', 'Incremental Sort', 'Hash', 'Append', 'Merge Append', 'Materialize', 'Memoize', 'Unique', 'SetOp', 'Subquery Scan', 'Recursive Union']);
/** These hand on what they are given. */
const passing: ReadonlySet<string> = new Set(['Limit', 'LockRows', 'Gather', 'Gather Merge', 'Result', 'ProjectSet']);

function children(node: Plan): readonly Plan[] { return Array.isArray(node['Plans']) ? node['Plans'] as readonly Plan[] : []; }

/** `alias.column` and names that stand alone, in an expression as ruleutils writes it. A star stands for a whole row. */
function references(text: string): readonly (readonly [alias: string | undefined, column: string])[] {
  const tokens = lex(text, 'postgresql').filter((token) => token.kind !== 'comment');
  const nameAt = (index: number): string | undefined => {
    const token = tokens[index];
    if (token === undefined) return undefined;
    const written = text.slice(token.start, token.end);
    if (token.kind === 'quoted') return written.slice(1, -1).replaceAll('""', '"');
    return token.kind === 'word' || written === '*' ? written : undefined;
  };
  const isDot = (index: number): boolean => { const token = tokens[index]; return token !== undefined && text.slice(token.start, token.end) === '.'; };
  const found: (readonly [string | undefined, string])[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const name = nameAt(index);
    if (name === undefined || name === '*' || isDot(index - 1)) continue;
    const column = isDot(index + 1) ? nameAt(index + 2) : undefined;
    if (column !== undefined) found.push([name, column]);
    else if (!isDot(index + 1)) found.push([undefined, name]);
  }
  return found;
}
