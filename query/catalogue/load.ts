/** Reads the catalogue of whatever database a session is connected to. */
import type { Catalogue } from '#core/statement/catalogue.ts';
import type { Session } from '../drivers/driver.ts';
import { readSqlServerCatalogue, readTrinoCatalogue } from './information-schema.ts';
import { readMysqlCatalogue } from './mysql.ts';
import { readPostgresCatalogue } from './postgres.ts';
import { readSqliteCatalogue } from './sqlite.ts';

/** Throws what the session throws: without a catalogue every statement is sensitive, so callers may go on with `emptyCatalogue()`. */
export async function loadCatalogue(session: Session, signal?: AbortSignal): Promise<Catalogue> {
  switch (session.dialect) {
    case 'sqlite': return readSqliteCatalogue(session, signal);
    case 'postgresql': return readPostgresCatalogue(session, signal);
    case 'mysql': case 'mariadb': return readMysqlCatalogue(session, signal);
    case 'sqlserver': return readSqlServerCatalogue(session, signal);
    case 'trino': return readTrinoCatalogue(session, signal);
  }
}
