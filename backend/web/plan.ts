/**
 * Reads a database's plan, as text, into a tree: PostgreSQL (`EXPLAIN`), MySQL (`EXPLAIN FORMAT=TREE`), SQLite and MariaDB (a line a
 * step). What is not understood stays as a label. Pure.
 */

export interface PlanNode {
  readonly label: string;
  /** In the planner's own unit, up to the last row. */
  readonly cost?: number;
  /** Estimated. */
  readonly rows?: number;
  /** Conditions and other lines under the step. */
  readonly details: readonly string[];
  /** Reads a whole table. */
  readonly fullScan: boolean;
  readonly children: readonly PlanNode[];
}

interface Growing extends Omit<PlanNode, 'children' | 'details'> { readonly indent: number; readonly details: string[]; readonly children: Growing[] }

const estimate = /\s*\((?:cost=(?:[\d.]+\.\.)?(?<cost>[\d.]+(?:e[+-]?\d+)?))?\s*(?:rows=(?<rows>[\d.]+(?:e[+-]?\d+)?))?(?: width=\d+)?\)/i;
const bareRows = /\brows=(?<rows>\d+)/;
/** Seq Scan (PostgreSQL), Table scan (MySQL), SCAN without an index (SQLite), type=ALL (MariaDB). */
const wholeTable = /^(?:Parallel )?Seq Scan\b|^Table scan\b|^SCAN\b(?!.*\bUSING\b)|\btype=ALL\b/;

export function parsePlan(text: string): readonly PlanNode[] {
  const roots: Growing[] = [];
  const open: Growing[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (line.trim() === '') continue;
    const indent = line.search(/\S/);
    const arrow = line.startsWith('->', indent);
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const parent = open.at(-1);
    // PostgreSQL's steps begin with an arrow, and so do MySQL's; a line below one without an arrow explains it.
    if (parent !== undefined && !arrow) {
      parent.details.push(line.trim());
      continue;
    }
    const node = readNode(arrow ? line.slice(indent + 2).trim() : line.trim(), indent);
    (parent?.children ?? roots).push(node);
    open.push(node);
  }
  return roots;
}

function readNode(text: string, indent: number): Growing {
  const found = estimate.exec(text);
  const groups = found?.groups ?? {};
  const cost = number(groups.cost);
  const rows = number(groups.rows) ?? (found === null ? number(bareRows.exec(text)?.groups?.rows) : undefined);
  const label = found === null || (cost === undefined && rows === undefined) ? text : (text.slice(0, found.index) + text.slice(found.index + found[0].length)).trim();
  return { label, indent, details: [], children: [], fullScan: wholeTable.test(label), ...(cost === undefined ? {} : { cost }), ...(rows === undefined ? {} : { rows }) };
}

function number(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? undefined : value;
}

/** Every node, parents first. */
export function allNodes(nodes: readonly PlanNode[]): readonly PlanNode[] {
  return nodes.flatMap((node) => [node, ...allNodes(node.children)]);
}
