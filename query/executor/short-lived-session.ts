/** A session as a role that lives for one approval, standing in for the connection's own user. */
import type { ShortLivedCredential } from '#core/wire/approval.ts';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { Driver, Session } from '#query/drivers/driver.ts';

/**
 * Connects where the connection's own settings say: a password goes nowhere else, whatever an answer says.
 *
 * @param boundUser the connection's own database user, to whom the approval is bound. The session answers to that name, so
 *   that the executor compares like with like; what it may read is decided by the role, in the database.
 */
export async function openShortLived(driver: Driver, settings: ConnectionSettings, credential: ShortLivedCredential, boundUser: string, signal?: AbortSignal): Promise<Session> {
  const session = await driver.connect({ ...settings, user: credential.user, readOnly: true }, credential.password, signal);
  const { describe } = session;
  return {
    dialect: session.dialect, readOnly: session.readOnly, databaseUser: boundUser,
    ...(describe ? { describe: (sql: string, stop?: AbortSignal) => describe.call(session, sql, stop) } : {}),
    execute: (sql, parameters, options) => session.execute(sql, parameters, options),
    cancel: () => session.cancel(),
    close: () => session.close(),
  };
}
