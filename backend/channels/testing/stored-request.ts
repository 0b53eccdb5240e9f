/** A stored request for tests of what channels make of it. */
import type { StoredRequest } from '../../store/store.ts';

export function storedRequest(changes: Partial<StoredRequest> = {}): StoredRequest {
  return {
    id: 'r1', state: 'pending', requester: { id: 'dana', name: 'Dana', roles: ['developer'] }, decisions: [], createdAt: 1, updatedAt: 1, expiresAt: 9e15,
    binding: { digest: 'd', connection: { id: 'shop', environment: 'production', databaseUser: '' }, capability: 'run' },
    scope: { columns: [], destination: { kind: 'grid' }, use: 'once', durationMs: 600_000 },
    facts: {
      dialect: 'sqlite', kind: 'select', readOnly: true, statements: 1, tables: [], columns: [], star: false, functions: [], exports: false, opaque: [], parameters: [],
      sensitive: [{ table: 'customers', column: 'ssn', entity: 'US_SSN', category: 'user.government_id', use: 'output' }],
    },
    preview: 'select ssn from customers', redactions: 0, reason: 'because', idempotencyKey: 'k', roundStart: 0, selves: ['dana'], pendingTtlMs: 1, dueAt: 9e15, trace: [], bodyHash: '',
    verdict: { effect: 'review', rules: ['r'], why: 'reads customers.ssn', approvers: [{ anyOf: ['data-steward'], count: 1 }], reason: { required: true }, maskColumns: [], policyVersion: '1' },
    ...changes,
  };
}
