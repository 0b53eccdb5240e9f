/**
 * How PostgreSQL's values become raw values: whole numbers, floats and booleans as such, `bytea` as bytes, everything else
 * as the server's own text. `bigint` and `numeric` stay text: a JavaScript number would change their digits.
 */
import type { WireKind } from './wire-rows.ts';

/** Object ids of built-in types, fixed since PostgreSQL began (catalog/pg_type.dat). Domains come as their base types. */
const kinds: ReadonlyMap<number, WireKind> = new Map([
  [16, 'boolean'],
  [17, 'bytes'],
  // int2, int4, oid, float4, float8
  [21, 'number'], [23, 'number'], [26, 'number'], [700, 'number'], [701, 'number'],
  // int8, numeric
  [20, 'digits'], [1700, 'digits'],
  // date, time, timestamp, timestamptz, interval, timetz, uuid
  [1082, 'inert'], [1083, 'inert'], [1114, 'inert'], [1184, 'inert'], [1186, 'inert'], [1266, 'inert'], [2950, 'inert'],
]);

export function wireKind(typeId: number): WireKind { return kinds.get(typeId) ?? 'text'; }
