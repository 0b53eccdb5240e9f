/** What the parts of the gate share: who is configured, and how statements are understood. Made once by `register`. */
import type { ApprovalClient } from '#approvals/ask.ts';
import type { ConnectionIdentity } from '#core/wire/approval.ts';
import type { Detector } from '#core/engine/detector.ts';
import type { Masker } from '#core/masking/masker.ts';
import type { Catalogue } from '#core/statement/catalogue.ts';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { Dialect } from '#core/wire/statement.ts';
import type { Description } from '#query/drivers/driver.ts';
import type { OpenTexts } from '../documents/open-texts.ts';
import type { Backend } from './backend.ts';
import type { Connections } from '#query/connections/connections.ts';
import type { DataPolicy } from '#query/results/data-policy.ts';
import type { GateDeps } from './gate-deps.ts';
import type { StatementTools } from '#query/understanding/statement-tools.ts';
import { type Understanding, understand } from '#query/understanding/understand.ts';

export interface GateContext {
  readonly texts: OpenTexts;
  readonly temporary: string;
  now(): number;
  trusted(): boolean;
  installationKey(): Uint8Array;
  client(): ApprovalClient | undefined;
  detector(): Promise<Detector>;
  masker(): Promise<Masker>;
  dataPolicy(uri?: string): Promise<DataPolicy>;
  tools(): Promise<StatementTools>;
  understand(statement: string, settings: ConnectionSettings, catalogue: Catalogue, uri?: string, description?: Description): Promise<Understanding>;
  /** Whether `statement` is, to the character, one of the statements of `text`. False until the parsers are loaded. */
  isStatementOf(text: string, statement: string, dialect: Dialect): boolean;
  /** The connection with the user that the database knows. */
  identity(settings: ConnectionSettings, connections: Connections): Promise<ConnectionIdentity>;
}

export function createGateContext(deps: GateDeps, backend: Backend, makeTools: () => Promise<StatementTools>): GateContext {
  let tools: Promise<StatementTools> | undefined;
  let loaded: StatementTools | undefined;
  const users = new Map<string, string>();

  const getTools = (): Promise<StatementTools> => {
    if (!tools) {
      tools = makeTools();
      // A failed load is told to whoever waits for it, and tried again the next time.
      tools.then((made) => { loaded = made; }, () => { tools = undefined; });
    }
    return tools;
  };

  return {
    texts: deps.texts, temporary: deps.paths.temporary,
    now: deps.now ?? (() => Date.now()),
    trusted: () => deps.trust.get(),
    installationKey: () => deps.installationKey.get(),
    client: () => backend.client,
    detector: deps.detector, masker: deps.masker, dataPolicy: deps.dataPolicy,
    tools: getTools,
    async understand(statement, settings, catalogue, uri, description) {
      const [detector, policy, { analyser, inventory }] = await Promise.all([deps.detector(), deps.dataPolicy(uri), getTools()]);
      return understand(statement, {
        analyser, detector, catalogue, inventory: inventory(detector, policy.entries, catalogue), dialect: settings.dialect,
        ...(description ? { description } : {}),
      });
    },
    isStatementOf: (text, statement, dialect) =>
      loaded?.analyser.split(text, dialect).some((span) => text.slice(span.start, span.end) === statement) ?? false,
    async identity(settings, connections) {
      const identity = connections.identity(settings);
      if (settings.dialect === 'sqlite' || backend.client?.port.runs === 'gateway') return identity;
      const key = JSON.stringify([settings.id, settings.host, settings.user]);
      let user = users.get(key);
      if (user === undefined) {
        const lease = await connections.acquire(settings.id);
        user = lease.session.databaseUser;
        lease.release();
        users.set(key, user);
      }
      return { ...identity, databaseUser: user };
    },
  };
}
