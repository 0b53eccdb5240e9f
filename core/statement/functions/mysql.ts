/**
 * MySQL's and MariaDB's own pure functions. Source: MySQL 8.4 manual, chapter 14; MariaDB 11 documentation. Left out
 * on purpose: load_file, sleep, benchmark, locks, last_insert_id, found_rows, row_count (of the statement before), master_pos_wait, sys_exec, sequences (nextval …).
 */
import { words } from './common.ts';

export const mysqlFunctions: readonly string[] = words(`
truncate conv crc32 bit_count bin oct ord elt export_set field find_in_set insert locate lcase ucase make_set mid space strcmp substring_index to_base64 from_base64
bit_length regexp_instr regexp_like regexp_replace regexp_substr weight_string format_bytes quote
adddate addtime convert_tz curdate curtime current_time date_add date_format date_sub datediff dayname dayofmonth dayofweek dayofyear from_days from_unixtime get_format last_day
makedate maketime microsecond monthname period_add period_diff sec_to_time str_to_date subdate subtime sysdate time_format time_to_sec timediff timestampadd timestampdiff to_days
to_seconds unix_timestamp utc_date utc_time utc_timestamp weekday weekofyear yearweek add_months months_between
if isnull interval any_value std json_arrayagg json_objectagg
md5 sha sha1 sha2 aes_encrypt aes_decrypt compress uncompress uncompressed_length random_bytes
json_array_append json_array_insert json_contains json_contains_path json_depth json_insert json_keys json_length json_merge json_merge_patch json_merge_preserve json_overlaps json_pretty
json_quote json_remove json_replace json_search json_set json_storage_size json_table json_unquote json_value json_query json_exists json_compact json_detailed json_loose json_normalize json_equals
extractvalue updatexml inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv6 is_uuid uuid uuid_short uuid_to_bin bin_to_uuid
database schema user current_user session_user system_user version connection_id charset collation coercibility
st_astext st_geomfromtext st_x st_y st_distance st_distance_sphere point
natural_sort_key to_char nvl nvl2 values value median
`);
