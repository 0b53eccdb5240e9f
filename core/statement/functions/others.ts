/** SQL Server's and Trino's own pure functions. Sources: Transact-SQL reference; trino.io/docs/current/functions. Left out on purpose: OPENROWSET, OPENQUERY, fn_*, sys.* and everything that reads objects by name. */
import { words } from './common.ts';

export const sqlserverFunctions: readonly string[] = words(`
square log10 rand isnull choose try_cast try_convert try_parse parse charindex patindex len datalength stuff replicate space str string_escape string_split quotename unicode nchar difference
checksum binary_checksum hashbytes newid count_big stdev stdevp var varp checksum_agg approx_count_distinct
dateadd datediff datediff_big datefromparts datename datepart datetime2fromparts datetimefromparts datetimeoffsetfromparts day eomonth getdate getutcdate isdate switchoffset
sysdatetime sysdatetimeoffset sysutcdatetime timefromparts todatetimeoffset date_bucket datetrunc
isjson json_value json_query json_modify json_path_exists openjson isnumeric db_name schema_name object_name object_id col_name type_name db_id schema_id user_name suser_sname original_login host_name app_name
percentile_cont percentile_disc generate_series greatest least
`);
export const trinoFunctions: readonly string[] = words(`
cbrt e from_base to_base infinity is_finite is_infinite is_nan nan truncate width_bucket
codepoint hamming_distance levenshtein_distance normalize split split_part split_to_map starts_with strpos word_stem to_utf8 from_utf8 to_hex from_hex to_base64 from_base64 md5 sha1 sha256 sha512 xxhash64 crc32
regexp_count regexp_extract regexp_extract_all regexp_like regexp_position regexp_replace regexp_split
date_add date_diff date_format date_parse date_trunc day_of_month day_of_week day_of_year format_datetime from_iso8601_date from_iso8601_timestamp from_unixtime to_unixtime to_iso8601 last_day_of_month
week_of_year year_of_week timezone_hour timezone_minute human_readable_seconds parse_duration at_timezone with_timezone
approx_distinct approx_percentile approx_most_frequent arbitrary any_value array_agg count_if geometric_mean histogram listagg map_agg map_union max_by min_by multimap_agg checksum skewness kurtosis
array_distinct array_except array_intersect array_join array_max array_min array_position array_remove array_sort array_union arrays_overlap cardinality contains element_at filter flatten
any_match all_match none_match ngrams reduce repeat sequence shuffle slice transform zip zip_with map map_concat map_entries map_filter map_from_entries map_keys map_values transform_keys transform_values unnest
json_format json_parse json_size json_array_contains json_array_get json_extract_scalar is_json_scalar json_exists json_query json_value try typeof uuid if url_decode url_encode url_extract_host url_extract_path url_extract_query
format_number row
`);
