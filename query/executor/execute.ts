/**
 * The one door to a database for statements that people write. It opens for a `Grant`, which only `verifyGrant` makes,
 * or for a `Harmless`, which only `assess` makes; and only for the very statement that either was made for.
 */
import type { ConnectionIdentity } from '#core/wire/approval.ts';
import type { Blocked } from '#core/wire/protocol.ts';
import type { Harmless } from '#core/statement/assess.ts';
import type { ExecuteOptions, Page, Parameter, Session } from '#query/drivers/driver.ts';
import { bindingDigest } from '#query/grant/binding.ts';
import { bindParameters } from './bind-parameters.ts';
import { type Grant, isGrant } from '#query/grant/grant.ts';

export interface Execution {
  readonly session: Session;
  readonly statement: string;
  readonly parameters: readonly Parameter[];
  readonly connection: ConnectionIdentity;
  readonly permission: Grant | Harmless;
  readonly limits: {
    /** The connection's own cap; a grant may lower it. */
    readonly maxRows: number;
    readonly pageSize: number;
    readonly timeoutMs?: number;
  };
  readonly signal?: AbortSignal;
}

export type ExecutionOutcome =
  | {
    readonly kind: 'running';
    readonly pages: AsyncIterable<Page>;
    /** Rows that will be given at most, and who said so. */
    readonly cap: { readonly at: number; readonly by: 'row-cap' | 'grant' };
  }
  | { readonly kind: 'blocked'; readonly blocked: Blocked };

export interface Executor { execute(execution: Execution): ExecutionOutcome }

export interface ExecutorOptions {
  /** Read at each use: 32 bytes, the key of the binding digest. */
  readonly installationKey: () => Uint8Array;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createExecutor({ installationKey, now }: ExecutorOptions): Executor {
  // A grant object proves one counted use at the backend, so it runs one statement once.
  const spent = new WeakSet<Grant>();

  function refusal({ permission, statement, parameters, connection, session }: Execution): Blocked | undefined {
    if (!isGrant(permission)) {
      return permission.statement === statement ? undefined
        : { code: 'statement-changed', message: 'The statement is not the one that was found harmless. Run it again.' };
    }
    if (permission.capability === 'reveal') return { code: 'grant-invalid', message: 'The approval is to reveal a result, not to run a statement.' };
    if (spent.has(permission)) return { code: 'grant-used', message: 'This use of the approval has been spent. Ask again.' };
    if (now() >= permission.expiresAt) return { code: 'expired', message: 'The approval has expired. Ask again.' };
    const { binding } = permission.claims;
    const same = binding.connection.id === connection.id && binding.connection.environment === connection.environment
      && connection.databaseUser === session.databaseUser && binding.connection.databaseUser === session.databaseUser;
    if (!same) return { code: 'grant-invalid', message: 'The approval was given for another connection or database user. Ask again.' };
    let digest: string;
    try {
      digest = bindingDigest(installationKey(), { statement, parameters, connection: connection.id, databaseUser: session.databaseUser });
    } catch (error) {
      return { code: 'grant-invalid', message: error instanceof RangeError ? error.message : 'The statement can\'t be compared with the approval.' };
    }
    return digest === binding.digest ? undefined
      : { code: 'statement-changed', message: 'The approval was for another statement. Ask again or restore it.' };
  }

  return {
    execute(execution) {
      const blocked = refusal(execution);
      if (blocked) return { kind: 'blocked', blocked };
      const { session, statement, parameters, permission, limits, signal } = execution;
      let cap: { at: number; by: 'row-cap' | 'grant' } = { at: limits.maxRows, by: 'row-cap' };
      if (isGrant(permission)) {
        spent.add(permission);
        if (permission.maxRows !== undefined && permission.maxRows < cap.at) cap = { at: permission.maxRows, by: 'grant' };
      }
      const pages = run(session, statement, parameters, {
        maxRows: cap.at, pageSize: limits.pageSize,
        ...(limits.timeoutMs === undefined ? {} : { timeoutMs: limits.timeoutMs }), ...(signal ? { signal } : {}),
      });
      return { kind: 'running', pages, cap };
    },
  };
}

/** Lazily, so that a wrong number of values fails like any other error of the statement. */
async function* run(session: Session, statement: string, parameters: readonly Parameter[], options: ExecuteOptions): AsyncGenerator<Page> {
  const { sql, values } = bindParameters(statement, session.dialect, parameters);
  yield* session.execute(sql, values, options);
}
