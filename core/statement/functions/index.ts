/** Which functions are known to be safe, by dialect. */
import type { Dialect } from '../../wire/statement.ts';
import { commonFunctions, words } from './common.ts';
import { mysqlFunctions } from './mysql.ts';
import { sqlserverFunctions, trinoFunctions } from './others.ts';
import { postgresqlFunctions } from './postgresql.ts';
import { sqliteFunctions, sqliteTableFunctions } from './sqlite.ts';

/** Common names that a dialect does not have as pure built-ins. */
const not: Partial<Readonly<Record<Dialect, readonly string[]>>> = {
  // `format(…)` of SQL Server and MySQL is pure; PostgreSQL's too. `convert` in PostgreSQL takes bytea: pure.
  postgresql: words('date time datetime year month day hour minute second week quarter ifnull iif hex unhex instr group_concat total json_valid json_group_array json_group_object json_extract json_type rand char bool_xor'),
};

function make(dialect: Dialect, own: readonly string[]): ReadonlySet<string> {
  const without = new Set(not[dialect] ?? []);
  return new Set([...commonFunctions.filter((name) => !without.has(name)), ...own]);
}

const mysql = make('mysql', mysqlFunctions);
/** Lower-case names; what is missing is opaque. */
export const safeFunctions: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  sqlite: make('sqlite', sqliteFunctions),
  postgresql: make('postgresql', postgresqlFunctions),
  mysql,
  mariadb: mysql,
  sqlserver: make('sqlserver', sqlserverFunctions),
  trino: make('trino', trinoFunctions),
};

/** Functions that may stand in FROM, besides the safe scalar ones where a dialect allows these there. */
export const safeTableFunctions: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  sqlite: new Set(sqliteTableFunctions),
  postgresql: safeFunctions.postgresql,
  mysql: new Set(['json_table']),
  mariadb: new Set(['json_table']),
  sqlserver: new Set(['openjson', 'string_split', 'generate_series']),
  trino: new Set(['unnest', 'sequence']),
};
