/** The session that an approved statement runs in, where the connection's own user may not read what is sensitive. */
import { openAsShortLivedRole } from '#approvals/short-lived.ts';
import type { Blocked, ConnectionSettings } from '#core/wire/protocol.ts';
import type { Connections } from '#query/connections/connections.ts';
import type { Session } from '#query/drivers/driver.ts';
import type { Grant } from '#query/grant/grant.ts';
import type { GateContext } from './gate-context.ts';

export type RoleSession =
  /** `session` is absent where the connection's own will do. */
  | { readonly kind: 'ready'; readonly session?: Session }
  | { readonly kind: 'blocked'; readonly blocked: Blocked };

/** Throws what the database throws when the role can't connect. */
export async function roleSession(grant: Grant | undefined, settings: ConnectionSettings, boundUser: string, { context, connections }: { readonly context: GateContext; readonly connections: Connections }, signal: AbortSignal): Promise<RoleSession> {
  if (!grant || settings.shortLivedRole !== true) return { kind: 'ready' };
  const port = context.client()?.port;
  if (!port) return { kind: 'blocked', blocked: { code: 'no-backend', message: 'The approval backend was disconnected. Ask again.' } };
  const opened = await openAsShortLivedRole({ port, grant, driver: await connections.driver(settings.dialect), settings, boundUser, signal });
  return opened.kind === 'open' ? { kind: 'ready', session: opened.session } : opened;
}
