/**
 * How PostgreSQL's values become raw values: whole numbers, floats and booleans as such, `bytea` as bytes, everything else
 * as the server's own text. `bigint` and `numeric` stay text: a JavaScript number would change their digits.
 */
import type { CustomTypesConfig } from 'pg';

/** Object ids of built-in types, fixed since PostgreSQL began (catalog/pg_type.dat). */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't',
  17: bytes,
  21: Number, 23: Number, 26: Number,
  700: Number, 701: Number,
};
const asText = (text: string): unknown => text;

export const postgresTypes: CustomTypesConfig = { getTypeParser: (id: number) => parsers[id] ?? asText };

/** `bytea_output = hex`, the default since 9.0. The escape format is shown as text. */
function bytes(text: string): Uint8Array | string {
  return text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex') : text;
}
