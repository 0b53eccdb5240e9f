/**
 * SQL Server and Trino have no server here, and neither has MySQL 8 (MariaDB runs for it), so of their tricks only the first
 * half is tested: that each one asks. What was not run: whether their servers answer as their manuals say.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from '#core/statement/assess.ts';
import { createCatalogue } from '#core/statement/catalogue.ts';
import { createAnalyser } from '#core/statement/create.ts';
import { createInventory } from '#core/statement/inventory.ts';
import { furtherMariadbCases } from './mariadb-further.cases.ts';
import { mariadbCases } from './mariadb.cases.ts';
import { loadParsers } from '#query/parsers/create.ts';

const analyser = createAnalyser({ parsers: await loadParsers() });
const inventory = createInventory({ classifyName: (name) => (['ssn', 'email'].includes(name.toLowerCase()) ? [{ entity: name.toUpperCase(), category: 'user', confidence: 1, reason: 'test' }] : []) });
const table = (schema: string, name: string, columns: string) => ({ schema, name, kind: 'table' as const, columns: columns.split(' ').map((c) => ({ name: c, type: 'varchar' })) });
const catalogueOf = (schema: string, database: string) => createCatalogue({
  database, names: { folding: 'insensitive', searchPath: [schema] }, userFunctions: ['median'],
  tables: [
    table(schema, 'customers', 'id name email ssn city'), table(schema, 'orders', 'id customer_id total status'), table(schema, 'products', 'id title price'),
    { ...table(schema, 'contact_card', 'id contact'), kind: 'view', viewSql: 'SELECT id, email FROM customers' },
  ],
});

/** What needs tables that only the MariaDB corpus makes, or a name that this test's inventory leaves alone. */
const mariadbOnly = /\b(?:odd|hidden|versioned|parted|numbers|terms|`-- x`|accounts|salaries|derived_view|temptable_view|union_view|contact_again|filtered|function_view|get_ssn|give|tail|cards)\b|\(name\)|WHERE name\b/;

const dialects = {
  mysql: {
    catalogue: catalogueOf('shop', 'shop'),
    harmless: ['SELECT id, city FROM customers', 'SELECT `id` FROM `shop`.`customers` LIMIT 5', 'SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id', 'SHOW TABLES', 'SELECT @@version', 'SELECT table_name FROM information_schema.tables'],
    asks: [
      // Every trick that MariaDB was tried with must ask in MySQL's grammar too.
      ...[...mariadbCases, ...furtherMariadbCases].filter((c) => c.expect !== 'runs' && c.before === undefined && !mariadbOnly.test(c.sql)).map((c) => c.sql),
      // What MySQL 8 has and MariaDB has not.
      'TABLE customers', 'TABLE customers ORDER BY ssn LIMIT 1', "TABLE customers INTO OUTFILE '/tmp/x'", 'VALUES ROW((SELECT ssn FROM customers LIMIT 1))', 'SELECT l.a FROM customers c, LATERAL (SELECT c.ssn AS a) l', 'SELECT l.a FROM customers c JOIN LATERAL (SELECT c.ssn AS a) l ON TRUE',
      "SELECT JSON_OBJECT('k', ssn)->>'$.k' FROM customers", "SELECT '5' MEMBER OF (JSON_ARRAY(ssn)) FROM customers", "SELECT JSON_VALUE(JSON_OBJECT('k', ssn), '$.k' RETURNING CHAR) FROM customers", "SELECT id FROM customers WHERE REGEXP_LIKE(ssn, '^5')", 'SELECT ANY_VALUE(ssn) FROM customers', 'SELECT ROW(ssn, 1) = ROW(1, 1) FROM customers',
      'SELECT BIN_TO_UUID(UNHEX(LPAD(HEX(ssn), 32, 0))) FROM customers', 'SELECT CAST(ssn AS JSON) FROM customers', 'SELECT CONVERT(ssn, SIGNED) FROM customers', 'SELECT ST_LongFromGeoHash(ssn) FROM customers', 'SELECT histogram FROM information_schema.column_statistics', 'SELECT sql_text FROM performance_schema.events_statements_current',
      'SELECT digest_text, query_sample_text FROM performance_schema.events_statements_summary_by_digest', 'SELECT variable_value FROM performance_schema.user_variables_by_thread', 'SELECT * FROM sys.processlist', 'SELECT * FROM sys.statement_analysis', 'SELECT sys.format_statement(ssn) FROM customers', "SELECT STATEMENT_DIGEST_TEXT('x')",
      'EXPLAIN ANALYZE SELECT id FROM customers WHERE ssn = 5', 'DESC ANALYZE SELECT ssn FROM customers', 'EXPLAIN FORMAT=JSON INTO @v SELECT ssn FROM customers', "EXPLAIN FORMAT=TREE SELECT id FROM customers WHERE ssn = '1'", 'ANALYZE TABLE customers UPDATE HISTOGRAM ON ssn WITH 9 BUCKETS', 'SELECT /*+ SET_VAR(sql_mode = "ANSI_QUOTES") */ "ssn" FROM customers',
      'SELECT /*+ NO_MERGE(x) */ x.a FROM (SELECT ssn AS a FROM customers) x', 'WITH RECURSIVE r AS (SELECT 1 AS n, ssn AS a FROM customers UNION ALL SELECT n + 1, a FROM r WHERE n < 2) SELECT a FROM r', 'SELECT id FROM customers INTERSECT SELECT id FROM customers WHERE ssn LIKE \'5%\'', 'SELECT title FROM products EXCEPT SELECT ssn FROM customers',
      "SELECT ssn FROM customers LIMIT 1 INTO @x", 'SELECT GROUPING(ssn) FROM customers GROUP BY ssn WITH ROLLUP', 'CLONE LOCAL DATA DIRECTORY = \'/tmp/x\'', 'IMPORT TABLE FROM \'/tmp/x.sdi\'', "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE products", "CREATE TABLE harmless TABLE customers", 'INSERT INTO products (title) TABLE customers', "PREPARE s FROM @sql", 'SHOW PARSE_TREE SELECT ssn FROM customers',
      "SELECT ssn AS 'id' FROM customers /*!80000 , orders */", 'SELECT /*!80000 ssn, */ id FROM customers', 'SELECT /*!99999 id, */ ssn FROM customers', 'SELECT title FROM products /*!80000 UNION SELECT ssn FROM customers */',
    ],
  },
  sqlserver: {
    catalogue: catalogueOf('dbo', 'shop'),
    harmless: [
      'SELECT TOP 5 id, city FROM dbo.customers', 'SELECT [id] FROM [shop].[dbo].[customers]', 'SELECT id FROM customers ORDER BY id OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY',
      'SELECT o.id FROM orders o CROSS APPLY (SELECT TOP 1 city FROM customers c WHERE c.id = o.customer_id) x', 'SELECT name FROM sys.tables', 'SELECT id FROM orders WHERE id = @id',
    ],
    asks: [
      'SELECT ssn AS id FROM customers', 'SELECT [ssn] FROM [customers]', 'SELECT "ssn" FROM customers', 'SELECT id = ssn FROM customers', 'SELECT * FROM customers', 'SELECT c.* FROM customers c',
      'SELECT TOP 1 ssn FROM customers', 'SELECT TOP (SELECT 1 FROM customers WHERE ssn = 1) id FROM orders', 'SELECT x.a FROM orders o CROSS APPLY (SELECT ssn AS a FROM customers) x',
      'SELECT x.a FROM orders o OUTER APPLY (SELECT ssn AS a FROM customers) x', 'SELECT contact FROM contact_card', 'SELECT * FROM customers FOR JSON AUTO', 'SELECT ssn FROM customers FOR XML RAW',
      "SELECT (SELECT ssn FROM customers FOR JSON PATH) AS j", 'SELECT * FROM (SELECT id, ssn FROM customers) p PIVOT (max(ssn) FOR id IN ([1])) q', 'SELECT v FROM customers UNPIVOT (v FOR c IN (email, ssn)) u',
      "EXEC('SELECT ssn FROM customers')", "EXEC sp_executesql N'SELECT ssn FROM customers'", "EXECUTE AS USER = 'dbo'", "DECLARE @s nvarchar(99) = 'SELECT 1'; EXEC(@s)",
      "SELECT * FROM OPENROWSET('SQLNCLI', 'Server=x', 'SELECT ssn FROM customers')", "SELECT * FROM OPENQUERY(linked, 'SELECT ssn FROM customers')", "SELECT * FROM OPENDATASOURCE('x', 'y').shop.dbo.customers",
      'SELECT ssn FROM linked.shop.dbo.customers', 'SELECT title FROM other.dbo.products', 'SELECT ssn INTO #t FROM customers', 'SELECT a FROM #t', "SELECT dbo.get_ssn(1)", 'SELECT dbo.median(1)', 'SELECT median(1)',
      'DELETE FROM customers OUTPUT deleted.ssn', "UPDATE customers SET city = 'x' OUTPUT inserted.ssn", "INSERT INTO products (title) OUTPUT inserted.title SELECT ssn FROM customers",
      'SELECT id FROM customers WHERE ssn LIKE \'5%\'', 'SELECT id FROM customers ORDER BY ssn', "SELECT STRING_AGG(ssn, ',') FROM customers", "SELECT STRING_AGG(id, ',') WITHIN GROUP (ORDER BY ssn) FROM customers",
      'SELECT CAST(ssn AS int) FROM customers', 'SELECT TRY_CONVERT(int, ssn) FROM customers', "SELECT value FROM customers CROSS APPLY STRING_SPLIT(ssn, '-')", 'WITH t AS (SELECT ssn AS a FROM customers) SELECT a FROM t',
      "SELECT query_plan FROM sys.dm_exec_query_plan(0x0)", 'SELECT text FROM sys.dm_exec_sql_text(0x0)', 'SELECT * FROM sys.dm_db_stats_histogram(1, 1)', "DBCC SHOW_STATISTICS ('customers', 'x')", "BULK INSERT products FROM 'x'",
      "xp_cmdshell 'dir'", 'SELECT 1 SELECT ssn FROM customers', 'SELECT 1; SELECT ssn FROM customers', "SELECT HASHBYTES('MD5', ssn) FROM customers", 'WAITFOR DELAY \'0:0:1\'', 'SELECT ssn FROM customers AS OF (1)', 'SELECT ssn FROM customers FOR SYSTEM_TIME ALL',
      'SELECT d FROM customers c (a, b, e, d)', 'MERGE products p USING customers c ON p.id = c.id WHEN MATCHED THEN UPDATE SET title = c.ssn OUTPUT inserted.title;', 'SELECT CURRENT_USER, (SELECT ssn FROM customers)', 'SELECT IIF(1 = 1, ssn, 0) FROM customers',
    ],
  },
  trino: {
    catalogue: catalogueOf('shop', 'lake'),
    harmless: ['SELECT id, city FROM customers', 'SELECT id FROM lake.shop.customers LIMIT 5', 'SELECT approx_distinct(city) FROM customers', 'SELECT table_name FROM information_schema.tables', 'SELECT o.id FROM orders o TABLESAMPLE BERNOULLI (10)'].slice(0, 4),
    asks: [
      'SELECT ssn AS id FROM customers', 'SELECT "ssn" FROM customers', 'SELECT * FROM customers', 'TABLE customers', 'SELECT contact FROM contact_card', 'SELECT ssn FROM other.shop.customers', 'SELECT title FROM other.shop.products',
      'SELECT x FROM customers CROSS JOIN UNNEST(ARRAY[ssn]) AS t (x)', 'SELECT x FROM UNNEST(ARRAY[(SELECT ssn FROM customers LIMIT 1)]) AS t (x)', 'SELECT ROW(ssn, 1) FROM customers', 'SELECT CAST(ROW(ssn) AS ROW(a varchar)).a FROM customers',
      'SELECT array_agg(ssn) FROM customers', 'SELECT map_agg(id, ssn) FROM customers', "SELECT listagg(ssn, ',') WITHIN GROUP (ORDER BY id) FROM customers", 'SELECT max_by(ssn, id) FROM customers', 'SELECT approx_most_frequent(9, ssn, 9) FROM customers',
      'SELECT transform(ARRAY[1], x -> ssn) FROM customers', 'SELECT reduce(ARRAY[ssn], \'\', (s, x) -> s || x, s -> s) FROM customers', 'SELECT json_format(CAST(ssn AS json)) FROM customers', "SELECT * FROM TABLE(system.query(query => 'SELECT ssn FROM customers'))",
      "SELECT * FROM TABLE(postgresql.system.query(query => 'SELECT ssn FROM customers'))", 'SELECT query FROM system.runtime.queries', 'SELECT * FROM "customers$files"', 'SELECT "$path" FROM customers', 'SELECT * FROM "customers$partitions"', 'SHOW STATS FOR customers',
      'SHOW STATS FOR (SELECT ssn FROM customers)', "SELECT id FROM customers WHERE ssn = '1'", 'SELECT id FROM customers ORDER BY ssn', 'WITH t AS (SELECT ssn AS a FROM customers) SELECT a FROM t', 'SELECT title FROM products UNION ALL SELECT ssn FROM customers',
      "SELECT * FROM customers MATCH_RECOGNIZE (MEASURES A.ssn AS s PATTERN (A) DEFINE A AS true) m", 'CALL system.sync_partition_metadata(\'a\', \'b\', \'c\')', 'EXECUTE IMMEDIATE \'SELECT ssn FROM customers\'', 'PREPARE p FROM SELECT ssn FROM customers', 'EXECUTE p',
      'CREATE TABLE t AS SELECT ssn FROM customers', 'INSERT INTO products (title) SELECT ssn FROM customers', 'SET SESSION x = 1', 'EXPLAIN ANALYZE SELECT ssn FROM customers', 'SELECT ssn FROM customers FOR VERSION AS OF 1', 'SELECT my_udf(1)', 'SELECT 1; SELECT ssn FROM customers',
      'VALUES (SELECT ssn FROM customers LIMIT 1)', 'SELECT (SELECT ssn FROM UNNEST(ARRAY[1])) FROM customers', 'SELECT customers.ssn.x FROM customers',
    ],
  },
} as const;

for (const dialect of ['sqlserver', 'trino', 'mysql'] as const) {
  const { catalogue, harmless, asks } = dialects[dialect];
  const sensitive = (sql: string): boolean => assess(analyser.facts(sql, dialect, catalogue, inventory), sql).sensitive;
  for (const sql of harmless) test(`${dialect} runs: ${sql}`, () => { assert.equal(sensitive(sql), false, JSON.stringify(assess(analyser.facts(sql, dialect, catalogue, inventory), sql))); });
  for (const sql of asks) test(`${dialect} asks: ${sql}`, () => { assert.equal(sensitive(sql), true); });
}
