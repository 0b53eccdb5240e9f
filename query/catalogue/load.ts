/** Reads the catalogue of whatever database a session is connected to. */
import { type Catalogue, emptyCatalogue } from '#core/statement/catalogue.ts';
import type { Session } from '../drivers/driver.ts';
import { readSqliteCatalogue } from './sqlite.ts';

/** Throws what the session throws: without a catalogue every statement is sensitive, so callers may go on with `emptyCatalogue()`. */
export async function loadCatalogue(session: Session, signal?: AbortSignal): Promise<Catalogue> {
  switch (session.dialect) {
    case 'sqlite': return readSqliteCatalogue(session, signal);
    default: return emptyCatalogue();
  }
}
