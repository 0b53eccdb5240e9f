/** Runs what a grant allows as a role that the backend made for this use, where the connection's own user may not read it. */
import type { Blocked, ConnectionSettings } from '#core/wire/protocol.ts';
import type { Driver, Session } from '#query/drivers/driver.ts';
import { openShortLived } from '#query/executor/short-lived-session.ts';
import type { Grant } from '#query/grant/grant.ts';
import type { ApprovalPort } from './port.ts';

export interface ShortLivedUse {
  readonly port: ApprovalPort;
  readonly grant: Grant;
  readonly driver: Driver;
  readonly settings: ConnectionSettings;
  /** The connection's own database user: the approval is bound to it. */
  readonly boundUser: string;
  readonly signal: AbortSignal;
}

export type ShortLivedSession =
  /** `close` ends the session and the role. */
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'blocked'; readonly blocked: Blocked };

/** How long the end of a role is waited for, milliseconds: it ends by itself soon after. */
const RELEASE_TIMEOUT_MS = 5_000;

/** Throws what the database throws when the role can't connect. */
export async function openAsShortLivedRole({ port, grant, driver, settings, boundUser, signal }: ShortLivedUse): Promise<ShortLivedSession> {
  if (!port.credential) return { kind: 'blocked', blocked: { code: 'grant-invalid', message: `${port.name} makes no short-lived roles. Switch them off for ${settings.name}, or connect to a backend that does.` } };
  const { jti } = grant.claims;
  const credential = await port.credential(jti, grant.receipt, signal);
  if (!credential.ok) return { kind: 'blocked', blocked: credential.blocked };
  const release = async (): Promise<void> => { await port.releaseCredential?.(jti, grant.receipt, AbortSignal.timeout(RELEASE_TIMEOUT_MS)); };
  try {
    const session = await openShortLived(driver, settings, credential.value, boundUser, signal);
    return { kind: 'open', session: { ...session, close: async () => { await session.close(); await release(); } } };
  } catch (error) {
    await release();
    throw error;
  }
}
