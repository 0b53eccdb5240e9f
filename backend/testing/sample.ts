/** What tests of the backend (and of its clients) share: the sample people, a running backend, requests of known shape. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApprovalRequest, Capability, CreateRequest, Problem } from '#core/wire/approval.ts';
import type { Environment, SensitiveColumn, StatementFacts } from '#core/wire/statement.ts';
import { createBackend, type Backend, type BackendOptions } from '../create-backend.ts';
import { startPair } from './pair.ts';
import { newUsers, type NewUser, type NewUsers } from '../identity/new-users.ts';

export const samplePeople: readonly NewUser[] = [
  { id: 'dana', name: 'Dana', roles: ['developer'] },
  { id: 'sam', name: 'Sam', roles: ['data-steward'] },
  { id: 'stella', name: 'Stella', roles: ['data-steward'] },
  { id: 'devon', name: 'Devon', roles: ['dba'] },
  { id: 'aria', name: 'Aria', roles: ['auditor'] },
];

export const ssn: SensitiveColumn = { table: 'customers', column: 'ssn', entity: 'US_SSN', category: 'user.government_id', use: 'output' };

export function sampleFacts(changes: Partial<StatementFacts> = {}): StatementFacts {
  return {
    dialect: 'sqlite', kind: 'select', readOnly: true, statements: 1,
    tables: [{ name: 'customers', access: 'read' }],
    columns: [{ table: 'customers', column: 'ssn', access: 'read' }],
    star: false, functions: [], exports: false, opaque: [], parameters: [], sensitive: [ssn],
    ...changes,
  };
}

export interface SampleRequest {
  readonly environment?: Environment;
  readonly capability?: Capability;
  readonly facts?: Partial<StatementFacts>;
  readonly changes?: Partial<CreateRequest>;
}

let made = 0;

export function sampleRequest({ environment = 'production', capability = 'run', facts, changes }: SampleRequest = {}): CreateRequest {
  made += 1;
  return {
    binding: { digest: `digest-${made}`, connection: { id: 'shop', environment, databaseUser: '' }, capability },
    scope: { columns: [], destination: { kind: 'grid' }, use: 'once', durationMs: 600_000 },
    facts: sampleFacts(facts),
    preview: 'SELECT id, ssn FROM customers',
    redactions: 0,
    reason: 'Checking the import of last night',
    idempotencyKey: `key-${made}`,
    ...changes,
  };
}

export interface Answer<T> { readonly status: number; readonly body: T; readonly headers: Headers }

export interface RunningBackend extends NewUsers {
  readonly backend: Backend;
  readonly dataDir: string;
  readonly url: string;
  /** Calls as one of the people; `who` undefined calls without a token. */
  call<T = ApprovalRequest & Problem>(who: string | undefined, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

/** Names a PostgreSQL: then every started backend is two instances on it behind a round-robin proxy (test/databases). */
export const pairVariable = 'PII_GATE_TEST_PAIR';

/** A real backend on a free loopback port with the sample people. */
export async function startBackend(options: Partial<BackendOptions> & { readonly people?: readonly NewUser[] } = {}): Promise<RunningBackend> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'pii-gate-backend-'));
  const people = newUsers(options.people ?? samplePeople);
  const { people: _people, ...rest } = options;
  const whole: BackendOptions = { users: { text: people.yaml }, rateLimit: 1_000_000, ...rest, dataDir };
  const pair = process.env[pairVariable];
  const backend = pair === undefined || whole.store !== undefined ? await createBackend(whole) : await startPair(whole, pair);
  return {
    ...people,
    backend,
    dataDir,
    url: backend.url,
    async call<T>(who: string | undefined, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const token = who === undefined ? undefined : people.tokens[who];
      const response = await fetch(backend.url + path, {
        method,
        headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T, headers: response.headers };
    },
    async stop() {
      await backend.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
