/**
 * Broker mode: the backend holds the database's credential, finds out itself what a statement does, and runs it itself once it
 * is approved; rows leave masked. The editor never has the credential, so nothing can be run past the gate: the enforced mode.
 *
 * The statement is not kept: it is sent again to be run, and the approval's digest (keyed with a key that never leaves the
 * backend) says whether it is the same one.
 */
import { randomUUID } from 'node:crypto';
import type { Detector } from '#core/engine/detector.ts';
import { createMasker } from '#core/masking/create.ts';
import type { Binding, CreateRequest } from '#core/wire/approval.ts';
import type { ColumnRef } from '#core/wire/statement.ts';
import { DatabaseError, type Parameter, type Session } from '#query/drivers/driver.ts';
import type { Drivers } from '#query/drivers/registry.ts';
import { createExecutor } from '#query/executor/execute.ts';
import { bindingDigest } from '#query/grant/binding.ts';
import { verifyGrant, type VerificationKey } from '#query/grant/grant.ts';
import type { DataPolicy } from '#query/results/data-policy.ts';
import { maskPages, type MaskedPage } from '#query/results/mask-pages.ts';
import { failureMessage } from '#query/results/redact-message.ts';
import { clearedBy } from '#query/results/result-set.ts';
import { loadCatalogue, type StatementTools } from '#query/understanding/statement-tools.ts';
import { understand, type Understanding, withPlan } from '#query/understanding/understand.ts';
import type { AuditLog } from '../audit/log.ts';
import type { Feed } from '../events/feed.ts';
import type { GrantService } from '../grants/service.ts';
import type { GrantSigner } from '../grants/signer.ts';
import type { Subject } from '../identity/identity.ts';
import type { Created } from '../requests/creation.ts';
import { done, refuse, type Result } from '../requests/refusal.ts';
import type { RequestService } from '../requests/service.ts';
import type { Store } from '../store/store.ts';
import { passwordOf, SecretError, type BrokerConnection } from './connections.ts';

/** Body of `POST /v1/broker/requests`. */
export interface BrokerAsk extends Pick<CreateRequest, 'reason' | 'ticket' | 'agent' | 'breakGlass' | 'idempotencyKey'> {
  readonly connection: string;
  readonly statement: string;
  readonly parameters: readonly Parameter[];
  /** `run`: masked rows. `export`: `columns` in clear. */
  readonly capability: 'run' | 'export';
  readonly columns: readonly ColumnRef[];
  readonly use: 'once' | 'window';
  readonly durationMs: number;
  readonly maxRows?: number;
}

/** Body of `POST /v1/broker/requests/{id}/run`. */
export interface BrokerRun { readonly statement: string; readonly parameters: readonly Parameter[] }

export interface Broker {
  connections(): readonly BrokerConnection['settings'][];
  /** True for connections whose statements only the broker may speak for. */
  owns(connectionId: string): boolean;
  ask(subject: Subject, body: BrokerAsk, address: string): Promise<Result<Created>>;
  run(subject: Subject, requestId: string, body: BrokerRun, signal: AbortSignal): Promise<Result<BrokerResult>>;
}

export interface BrokerResult {
  /** Masked. Throws `DatabaseError`s with messages that quote nothing. */
  readonly pages: AsyncIterable<MaskedPage>;
  readonly cap: { readonly at: number; readonly by: 'row-cap' | 'grant' };
  readonly receipt: string;
}

export interface BrokerDeps {
  readonly connections: readonly BrokerConnection[];
  readonly drivers: Drivers;
  readonly tools: StatementTools;
  readonly detector: Detector;
  readonly data: DataPolicy;
  /** 32 bytes that never leave the backend. */
  readonly bindingKey: Uint8Array;
  readonly requests: RequestService;
  readonly grants: GrantService;
  readonly signer: GrantSigner;
  readonly keys: readonly VerificationKey[];
  readonly issuer: string;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly feed: Feed;
  readonly now: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onError: (where: string, error: unknown) => void;
}

/** As the catalogue spells it, which is how results name their columns: `customers.ssn` → `main.customers.ssn`. */
function asCatalogued(column: ColumnRef, { catalogue }: Understanding): ColumnRef {
  const table = catalogue.resolve(column.schema, column.table);
  if (!table) return column;
  return { ...column, table: table.name, ...(table.schema === undefined ? {} : { schema: table.schema }) };
}

const defaultMaxRows = 10_000;
const pageSize = 500;

export function createBroker(deps: BrokerDeps): Broker {
  const { connections, detector, data, bindingKey, requests, grants, signer, keys, issuer, store, audit, feed, now } = deps;
  const masker = createMasker(bindingKey, detector);
  const executor = createExecutor({ installationKey: () => bindingKey, now });
  const unknown = refuse(404, 'not-found', 'There is no such connection at this broker.');
  const find = (id: string): BrokerConnection | undefined => connections.find(({ settings }) => settings.id === id);

  async function connect({ settings, secret }: BrokerConnection, signal: AbortSignal): Promise<Session> {
    return (await deps.drivers(settings.dialect)).connect(settings, await passwordOf(secret, deps.environment), signal);
  }

  async function understandIn(session: Session, statement: string, signal: AbortSignal): Promise<Understanding> {
    const catalogue = await loadCatalogue(session, signal);
    const description = await session.describe?.(statement, signal);
    return withPlan(understand(statement, {
      analyser: deps.tools.analyser, detector, catalogue, inventory: deps.tools.inventory(detector, data.entries, catalogue), dialect: session.dialect,
      ...(description ? { description } : {}),
    }), session);
  }

  /** Undefined when the statement has no canonical form. */
  function bindingOf({ settings }: BrokerConnection, session: Session, capability: 'run' | 'export', { statement, parameters }: BrokerRun): Binding | undefined {
    try {
      const digest = bindingDigest(bindingKey, { statement, parameters, connection: settings.id, databaseUser: session.databaseUser });
      return { digest, capability, connection: { id: settings.id, environment: settings.environment, databaseUser: session.databaseUser } };
    } catch {
      return undefined;
    }
  }

  /** A database's refusal as an answer; its own words may quote values, so they are cleaned. */
  async function withSession<T>(connection: BrokerConnection, statement: string, signal: AbortSignal, work: (session: Session) => Promise<Result<T>>, keepOpen: boolean): Promise<Result<T>> {
    let session: Session | undefined;
    let kept = false;
    try {
      session = await connect(connection, signal);
      const result = await work(session);
      kept = keepOpen && result.ok;
      return result;
    } catch (error) {
      if (error instanceof DatabaseError) return refuse(422, 'database-refused', failureMessage(error, statement, detector));
      if (error instanceof SecretError) {
        deps.onError('broker', error);
        return refuse(422, 'database-refused', 'The backend could not get the password of this connection. Its log says why.');
      }
      throw error;
    } finally {
      if (!kept) await session?.close();
    }
  }

  return {
    connections: () => connections.map(({ settings }) => settings),
    owns: (id) => find(id) !== undefined,

    async ask(subject, body, address) {
      const connection = find(body.connection);
      if (!connection) return unknown;
      const signal = AbortSignal.timeout(30_000);
      return withSession<Created>(connection, body.statement, signal, async (session) => {
        const understood = await understandIn(session, body.statement, signal);
        const binding = bindingOf(connection, session, body.capability, body);
        if (!binding) return refuse(422, 'statement-changed', 'The statement or a parameter has no canonical form, so no approval can be bound to it.');
        const { reason, ticket, agent, breakGlass, idempotencyKey, use, durationMs, maxRows } = body;
        const columns = body.columns.map((column) => asCatalogued(column, understood));
        return requests.create(subject, {
          binding, facts: understood.facts, preview: understood.preview, redactions: understood.redactions, reason, idempotencyKey,
          scope: { columns, use, durationMs, destination: { kind: agent ? 'agent' : body.capability === 'export' ? 'file' : 'grid' }, ...(maxRows === undefined ? {} : { maxRows }) },
          ...(ticket === undefined ? {} : { ticket }), ...(agent ? { agent } : {}), ...(breakGlass ? { breakGlass } : {}),
        }, address);
      }, false);
    },

    async run(subject, requestId, body, signal) {
      const request = await store.read.request(requestId);
      const connection = request && request.requester.id === subject.id ? find(request.binding.connection.id) : undefined;
      if (!request || !connection) return refuse(404, 'not-found', 'There is no such request of yours at this broker.');
      if (request.state !== 'approved' || request.grantId === undefined) return refuse(409, 'illegal-state', `The request is ${request.state.replace('_', ' ')}, not approved.`);
      const stored = await store.read.grant(request.grantId);
      if (!stored) return refuse(409, 'grant-invalid', 'The request has no grant.');
      const { jti } = stored;
      const revoked = new AbortController();
      const either = AbortSignal.any([signal, revoked.signal]);
      // Before the use is counted: a revocation in between is heard as well.
      const stop = feed.subscribe((notices) => {
        if (notices.some((notice) => notice.type === 'grant-revoked' && notice.grant === jti)) revoked.abort(new Error('The approval was revoked'));
      });
      either.addEventListener('abort', stop, { once: true });
      const result = await withSession<BrokerResult>(connection, body.statement, either, async (session) => {
        const understood = await understandIn(session, body.statement, either);
        const capability = request.binding.capability === 'export' ? 'export' : 'run';
        const binding = bindingOf(connection, session, capability, body);
        if (!binding || binding.digest !== request.binding.digest) return refuse(409, 'statement-changed', 'The approval was for another statement or other parameters. Ask again or restore them.');
        const nonce = randomUUID();
        const used = await grants.consume(subject, jti, { nonce, digest: binding.digest, capability });
        if (!used.ok) return used;
        const verified = await verifyGrant({
          grantJws: signer.grant(stored.claims), receiptJws: used.value.receipt, nonce, keys,
          expected: { issuer, audience: 'pii-gate-broker', subject: subject.id, binding, scope: request.scope, now: now() },
        });
        if (!verified.ok) return refuse(409, verified.code, verified.message);
        const { grant } = verified;
        const { settings } = connection;
        const outcome = executor.execute({
          session, statement: body.statement, parameters: body.parameters, connection: binding.connection, permission: grant,
          limits: { maxRows: settings.maxRows ?? defaultMaxRows, pageSize, ...(settings.statementTimeoutMs === undefined ? {} : { timeoutMs: settings.statementTimeoutMs }) },
          signal: either,
        });
        if (outcome.kind === 'blocked') return refuse(409, outcome.blocked.code, outcome.blocked.message);
        const masked = maskPages(outcome.pages, {
          detector, masker, replacementFor: data.replacementFor, understood,
          ...(capability === 'export' ? { clear: (_column: number, verdict) => clearedBy(verdict, grant) } : {}),
        });
        return done({ pages: recorded(masked, session, stop), cap: outcome.cap, receipt: used.value.receipt });

        async function* recorded(pages: AsyncIterable<MaskedPage>, open: Session, unsubscribe: () => void): AsyncGenerator<MaskedPage> {
          let rows = 0;
          let ended = 'broken off';
          try {
            for await (const page of pages) {
              rows += page.rows.length;
              yield page;
            }
            ended = 'complete';
          } catch (error) {
            ended = revoked.signal.aborted ? 'revoked' : 'failed';
            if (revoked.signal.aborted) throw revoked.signal.reason;
            throw error instanceof DatabaseError ? new Error(failureMessage(error, body.statement, detector)) : error;
          } finally {
            unsubscribe();
            await open.close();
            await store.write((transaction) => audit.append(transaction, {
              type: 'broker.ran', actor: { id: subject.id, kind: subject.kind }, request: requestId, grant: jti,
              data: { connection: settings.id, digest: binding?.digest ?? '', capability, rows, ended },
            }));
          }
        }
      }, true);
      if (!result.ok) stop();
      return result;
    },
  };
}
