/** Finds the driver of a dialect. Each is imported when first used, so that scanning files never loads a database client. */
import type { Dialect } from '#core/wire/statement.ts';
import { DatabaseError, type Driver } from './driver.ts';

export interface DriverPaths {
  /** Absolute path of `sqlite-process.ts` from source, `sqlite-process.js` from the build. */
  readonly sqliteProcess: string;
}

export type Drivers = (dialect: Dialect) => Promise<Driver>;

/** The returned function rejects with `DatabaseError` `unsupported` where this build has no driver for the dialect. */
export function createDrivers({ sqliteProcess }: DriverPaths): Drivers {
  return async (dialect) => {
    switch (dialect) {
      case 'sqlite': return (await import('./sqlite.ts')).createSqliteDriver(sqliteProcess);
      case 'postgresql': return (await import('./postgres.ts')).createPostgresDriver();
      case 'mysql': case 'mariadb': return (await import('./mysql.ts')).createMysqlDriver(dialect);
      case 'trino': return (await import('./trino.ts')).createTrinoDriver();
      case 'sqlserver': return (await import('./sqlserver.ts')).createSqlServerDriver();
      default: throw new DatabaseError('unsupported', `PII Gate can't connect to ${dialect} yet.`);
    }
  };
}
