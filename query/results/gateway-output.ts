/**
 * The text that a gateway gives back when it ran a statement itself: tab-separated lines with a header, as its database
 * clients print them. It becomes a result like any other, so that names and values in it are masked here as well.
 */
import type { DriverColumn, RawRow } from '#query/drivers/driver.ts';
import type { Understanding } from '#query/understanding/understand.ts';

export interface GatewayTable { readonly columns: readonly DriverColumn[]; readonly rows: readonly RawRow[] }

/** Text that is no table becomes one column `output`, a row a line. */
export function readGatewayOutput(output: string): GatewayTable {
  const lines = output.split(/\r\n|\n/);
  while (lines.at(-1) === '') lines.pop();
  const [header, ...rest] = lines;
  const names = header?.split('\t') ?? [];
  // psql's own footer.
  const body = /^\(\d+ rows?\)$/.test(rest.at(-1) ?? '') ? rest.slice(0, -1) : rest;
  if (names.length > 1 && body.every((line) => line.split('\t').length === names.length)) {
    return { columns: names.map(column), rows: body.map((line) => line.split('\t').map((v) => (v === 'NULL' || v === '\\N' ? null : v))) };
  }
  return { columns: [column('output')], rows: lines.map((line) => [line]) };
}

function column(name: string): DriverColumn { return { name, databaseType: '' }; }

/**
 * What counts against the columns of such a result. The editor knows no catalogue behind a gateway, and the gateway has
 * approved and masked the text by its own rules: names, known sources and values are judged, the unknown alone is not.
 */
export function asShownByGateway(understood: Understanding): Understanding {
  const { lineage, facts } = understood;
  return {
    ...understood,
    facts: { ...facts, tables: [], opaque: [], sensitive: [] },
    lineage: { ...lineage, outputs: lineage.outputs.map((o) => ({ ...o, uncertain: false })), unplaced: { ...lineage.unplaced, sources: [], uncertain: false } },
  };
}
