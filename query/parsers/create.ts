/** Loads both SQL parsers and offers them through the core's port. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SqlParsers } from '#core/statement/analyse.ts';
import type { Dialect } from '#core/wire/statement.ts';
import { createPostgresParser } from './libpg-wasm.ts';
import { createParserThread } from './parser-thread.ts';
import type { GenericDialectName } from './sqlparser-wasm.ts';

/** Where the wasm files are. Defaults: the installed packages; bundles pass the paths of their copies. */
export interface ParserFiles {
  readonly sqlparserWasm?: string;
  readonly libpgWasm?: string;
  /** The thread's entry. Default: beside this file, which holds in source and in `dist/`. */
  readonly parserWorker?: string;
}

/** Trino has no dialect of its own in the generic parser; `generic` accepts its standard SQL. */
const dialectNames: Readonly<Record<Exclude<Dialect, 'postgresql'>, GenericDialectName>> = {
  sqlite: 'sqlite', mysql: 'mysql', mariadb: 'mysql', sqlserver: 'mssql', trino: 'generic',
};

/** Reads and compiles both parsers (about 50 ms). Rejects when a file is missing or damaged. */
export async function loadParsers(files: ParserFiles = {}): Promise<SqlParsers & { ready(): Promise<void> }> {
  const locate = (id: string): string => createRequire(import.meta.url).resolve(id);
  const sqlparser = await readFile(files.sqlparserWasm
    ?? locate('@guanmingchiu/sqlparser-ts').replace(/dist[/\\]index\.cjs$/, 'wasm/sqlparser_rs_wasm_bg.wasm'));
  const libpg = await readFile(files.libpgWasm ?? locate('libpg-query/wasm/libpg-query.wasm'));
  const beside = (name: string): string => join(import.meta.dirname, name);
  const worker = files.parserWorker ?? (existsSync(beside('parser-worker.ts')) ? beside('parser-worker.ts') : beside('parser-worker.js'));
  const generic = await createParserThread({ file: worker, wasm: new Uint8Array(sqlparser) });
  const postgres = await createPostgresParser(new Uint8Array(libpg));
  return {
    postgresql: (text) => postgres.parse(text),
    generic: (text, dialect) => generic.parse(text, dialectNames[dialect]),
    ready: () => postgres.ready(),
  };
}
