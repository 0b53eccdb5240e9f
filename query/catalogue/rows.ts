/** Running the catalogue's own queries through a session, with rows read by column name. */
import type { Session } from '../drivers/driver.ts';

export type Row = Readonly<Record<string, string | undefined>>;

/** More rows than any catalogue we read in one piece; a larger one is cut and said to be `truncated`. */
export const maxCatalogueRows = 200_000;

export interface Rows { readonly rows: readonly Row[]; readonly truncated: boolean }

/** All rows, values as text, column names in lower case; SQL null is undefined. */
export async function queryRows(session: Session, sql: string, parameters: readonly (string | number)[] = [], signal?: AbortSignal): Promise<Rows> {
  const rows: Row[] = [];
  let truncated = false;
  for await (const page of session.execute(sql, parameters, { maxRows: maxCatalogueRows, pageSize: 2_000, ...(signal && { signal }) })) {
    const names = page.columns.map((column) => column.name.toLowerCase());
    for (const raw of page.rows) {
      rows.push(Object.fromEntries(names.map((name, index) => [name, textOf(raw[index])])));
    }
    truncated ||= page.end?.truncated ?? false;
  }
  return { rows, truncated };
}

function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Groups rows by a key, keeping their order. */
export function groupBy(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row); else groups.set(key, [row]);
  }
  return groups;
}
