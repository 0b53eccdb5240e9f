/**
 * Functions that compute from their arguments and nothing else: no tables, files, network, session or sequence.
 * Everything that is not listed is opaque and asks. This list holds what several dialects share.
 */
export function words(text: string): readonly string[] { return text.trim().split(/\s+/); }

export const commonFunctions: readonly string[] = words(`
abs ceil ceiling floor round sign sqrt power pow exp ln log log10 log2 mod pi degrees radians sin cos tan asin acos atan atan2 sinh cosh tanh cot
lower upper length char_length character_length octet_length substr substring trim ltrim rtrim replace concat concat_ws left right lpad rpad
reverse repeat position instr ascii char chr translate soundex format quote hex unhex
coalesce nullif ifnull greatest least iif
count sum avg min max total group_concat string_agg stddev stddev_pop stddev_samp variance var_pop var_samp every bool_and bool_or bit_and bit_or bit_xor
row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
date time datetime timestamp now current_date current_time current_timestamp localtime localtimestamp
extract year month day hour minute second quarter week
json_object json_array json_extract json_valid json_type json_array_length json_group_array json_group_object
random rand cast convert grouping
`);
