/**
 * Drift: personal data that a result held although nobody had declared it. Who ran the statement reports it; what people
 * approved and what they got can then be compared. Names, kinds and counts only.
 */
import { createHash } from 'node:crypto';
import type { DriftFinding, DriftReport, UnaskedDriftReport } from '#core/wire/approval.ts';
import type { AuditLog } from '../audit/log.ts';
import type { AuditValue } from '../audit/record.ts';
import type { Subject } from '../identity/identity.ts';
import type { Store, StoredRequest } from '../store/store.ts';
import type { Ledger } from './ledger.ts';
import { notFound } from './moves.ts';
import { done, refuse, type Result } from './refusal.ts';

export interface DriftService {
  /** By the requester, or by the broker in their name. The same report again changes nothing and records nothing. */
  report(subject: Subject, id: string, report: DriftReport): Promise<Result<StoredRequest>>;
  /** Of a statement that needed no request: there is nothing to keep it on but the trail. */
  reportUnasked(subject: Subject, report: UnaskedDriftReport): Promise<void>;
}

/** States of requests whose statement may have been run. */
const mayHaveRun: ReadonlySet<StoredRequest['state']> = new Set(['approved', 'consumed', 'expired', 'revoked']);
/** Columns that one request keeps: more than a result has; the rest of a broken client's reports is dropped. */
const mostKept = 500;

export function createDriftService({ store, ledger, audit, redact }: { readonly store: Store; readonly ledger: Ledger; readonly audit: AuditLog; readonly redact: (text: string) => string }): DriftService {
  /** A column's alias is free text of whoever wrote the statement. */
  const clean = (finding: DriftFinding): DriftFinding => ({ ...finding, column: redact(finding.column) });
  return {
    report(subject, id, { found }) {
      return store.write<Result<StoredRequest>>(async (transaction) => {
        const request = await ledger.current(transaction, id);
        if (!request || request.requester.id !== subject.id) return notFound;
        if (!mayHaveRun.has(request.state)) return refuse(409, 'illegal-state', 'Nothing has been run for this request, so its result can not have held anything.');
        const known = request.drift ?? [];
        const merged = mergeDrift(known, found.map(clean)).slice(0, mostKept);
        const news = merged.filter((finding) => !known.includes(finding));
        if (news.length === 0) return done(request);
        const changed: StoredRequest = { ...request, drift: merged, updatedAt: ledger.later(request) };
        await transaction.replaceRequest(request, changed);
        await ledger.record(transaction, 'request.drift', changed, { id: subject.id, kind: subject.kind }, { found: news.map(noted) });
        return done(changed);
      }, { requests: [id] });
    },

    async reportUnasked(subject, { found, connection, preview, tables }) {
      await store.write((transaction) => audit.append(transaction, {
        type: 'drift.unasked',
        actor: { id: subject.id, kind: subject.kind },
        data: {
          connection: connection.id,
          environment: connection.environment,
          tables: [...new Set(tables.map(({ schema, name }) => (schema === undefined || schema === '' ? name : `${schema}.${name}`)))].slice(0, 100),
          // So that the same statement is recognised; its text stays with whoever ran it.
          statement: createHash('sha256').update(preview).digest('base64url'),
          found: mergeDrift([], found.map(clean)).map(noted),
        },
      }));
    },
  };
}

/** One finding a column and entity, with the highest count. A finding that adds nothing leaves the known one, the same object. */
export function mergeDrift(known: readonly DriftFinding[], found: readonly DriftFinding[]): readonly DriftFinding[] {
  const merged = new Map(known.map((finding) => [keyOf(finding), finding]));
  for (const finding of found) {
    const before = merged.get(keyOf(finding));
    if (!before || finding.count > before.count) merged.set(keyOf(finding), finding);
  }
  return [...merged.values()];
}

function keyOf({ column, entity }: DriftFinding): string {
  return JSON.stringify([column, entity]);
}

function noted({ column, entity, count, origin }: DriftFinding): AuditValue {
  return { column, entity, count, ...(origin ? { origin: [origin.schema, origin.table, origin.column].filter((part) => part !== undefined && part !== '').join('.') } : {}) };
}
