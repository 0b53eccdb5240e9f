/** SQLite's own pure functions. Source: sqlite.org/lang_corefunc.html, lang_aggfunc, lang_datefunc, lang_mathfunc, json1, fts5. Left out: load_extension, edit, readfile, writefile. */
import { words } from './common.ts';

export const sqliteFunctions: readonly string[] = words(`
glob like likely unlikely likelihood max min nullif printf random randomblob sqlite_version sqlite_source_id typeof unicode zeroblob
changes total_changes last_insert_rowid if if_null median percentile octet_length
julianday unixepoch strftime timediff acosh asinh atanh trunc
json jsonb json_array json_array_length json_error_position json_extract jsonb_extract json_insert json_replace json_set json_remove json_patch json_pretty json_quote
jsonb_array jsonb_object jsonb_group_array jsonb_group_object
subsec unistr unistr_quote
`);
export const sqliteTableFunctions: readonly string[] = words(`
json_each json_tree jsonb_each jsonb_tree generate_series
pragma_table_info pragma_table_xinfo pragma_table_list pragma_index_list pragma_index_info pragma_index_xinfo pragma_foreign_key_list
pragma_database_list pragma_collation_list pragma_function_list pragma_compile_options
`);
/** Read-only PRAGMAs that show shapes and settings, when they are not assigned to. */
export const sqlitePragmas: ReadonlySet<string> = new Set(words(`
table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list database_list collation_list function_list
compile_options module_list pragma_list encoding page_size page_count freelist_count user_version schema_version application_id
journal_mode foreign_keys
`));
