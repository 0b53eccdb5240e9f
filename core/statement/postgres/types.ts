/** PostgreSQL's own types: casting to them runs no code of users. Source: PostgreSQL 18, chapter 8 and pg_type. */
export const builtinTypes: ReadonlySet<string> = new Set(`
bool boolean int2 int4 int8 smallint integer bigint int numeric decimal float4 float8 real money
text varchar bpchar char name citext bytea bit varbit
date time timetz timestamp timestamptz interval
uuid json jsonb jsonpath xml inet cidr macaddr macaddr8
point line lseg box path polygon circle
int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange
tsvector tsquery oid regclass regtype regproc regprocedure regnamespace regrole regoper regoperator regconfig regdictionary regcollation
xid xid8 cid tid pg_lsn record unknown
`.trim().split(/\s+/));
