/**
 * The databases' own tables that show shapes and settings and no values of users' rows. Everything else in their
 * schemas asks: statistics hold samples of column values (pg_stats, column_statistics, sqlite_stat4), activity
 * views hold other people's statements, and storage views hold pages.
 */
import type { Dialect } from '../wire/statement.ts';
import { words } from './functions/common.ts';

const informationSchema = words(`
tables columns schemata views table_constraints key_column_usage referential_constraints check_constraints constraint_column_usage constraint_table_usage
table_privileges column_privileges schema_privileges applicable_roles enabled_roles
character_sets collations collation_character_set_applicability engines plugins statistics partitions keywords
domains element_types sequences parameters column_udt_usage view_column_usage view_table_usage information_schema_catalog_name sql_features sql_sizing
`);
const postgresql = words(`
pg_class pg_attribute pg_namespace pg_type pg_index pg_indexes pg_constraint pg_tables pg_views pg_matviews pg_description pg_shdescription pg_database pg_roles pg_user pg_group
pg_attrdef pg_depend pg_enum pg_extension pg_available_extensions pg_inherits pg_operator pg_proc pg_range pg_rewrite pg_sequence pg_tablespace pg_trigger pg_partitioned_table
pg_collation pg_language pg_am pg_opclass pg_opfamily pg_cast pg_aggregate pg_policy pg_policies pg_seclabel pg_seclabels pg_settings pg_timezone_names pg_timezone_abbrevs
pg_stat_user_tables pg_stat_all_tables pg_stat_user_indexes pg_statio_user_tables pg_locks
`);
const sqlite = words('sqlite_schema sqlite_master sqlite_temp_schema sqlite_temp_master sqlite_sequence sqlite_stat1');
const sqlserver = words('tables columns schemas objects views types indexes index_columns foreign_keys foreign_key_columns key_constraints check_constraints default_constraints databases partitions all_objects all_columns extended_properties masked_columns');

const schemas: Readonly<Record<Dialect, Readonly<Record<string, ReadonlySet<string>>>>> = {
  sqlite: { '': new Set(sqlite), main: new Set(sqlite), temp: new Set(sqlite) },
  postgresql: { '': new Set(postgresql), pg_catalog: new Set(postgresql), information_schema: new Set(informationSchema) },
  mysql: { information_schema: new Set(informationSchema) },
  mariadb: { information_schema: new Set(informationSchema) },
  sqlserver: { information_schema: new Set(informationSchema), sys: new Set(sqlserver) },
  trino: { information_schema: new Set(words('tables columns schemata views table_privileges applicable_roles enabled_roles roles')) },
};

/** True for a system table that is known to hold no values of users' rows. */
export function isHarmlessSystemTable(dialect: Dialect, schema: string | undefined, table: string): boolean {
  return schemas[dialect][(schema ?? '').toLowerCase()]?.has(table.toLowerCase()) ?? false;
}
