/**
 * Live events out of the audit trail: every committed record about a request, a revocation or the policy becomes one event
 * whose id is its audit sequence. So a watcher that comes back with the last id it saw is told everything in between, whichever
 * instance it comes back to.
 */
import type { AuditRecord } from '../audit/record.ts';
import type { Store } from '../store/store.ts';

export type Notice =
  | { readonly seq: number; readonly type: 'request'; readonly request: string }
  | { readonly seq: number; readonly type: 'grant-revoked'; readonly grant: string; readonly request: string }
  | { readonly seq: number; readonly type: 'policy'; readonly policyVersion: string };

export interface Feed {
  /** Called for every notice from now on, in order. Returns how to stop. */
  subscribe(listener: (notices: readonly Notice[]) => void): () => void;
  /** Notices after `seq`, at most `limit` records back from the head; undefined when that is too long ago to replay. */
  since(seq: number, limit: number): Promise<readonly Notice[] | undefined>;
  close(): void;
}

export function noticesOf(record: AuditRecord): readonly Notice[] {
  const { seq, type, request, grant } = record;
  if (type === 'policy.loaded') return [{ seq, type: 'policy', policyVersion: String(record.data.policyVersion) }];
  if (request === undefined || type === 'grant.refused') return [];
  const changed: Notice = { seq, type: 'request', request };
  const ended = type === 'grant.revoked' || (type === 'request.cancelled' && grant !== undefined);
  return ended && grant !== undefined ? [{ seq, type: 'grant-revoked', grant, request }, changed] : [changed];
}

/** Records that are read at a time. */
const pageSize = 500;

export async function createFeed(store: Store): Promise<Feed> {
  const listeners = new Set<(notices: readonly Notice[]) => void>();
  let seen = (await store.read.auditHead()).seq;
  let reading = false;
  let again = false;

  async function catchUp(): Promise<void> {
    while (again) {
      again = false;
      let records = await store.read.audit(seen, pageSize);
      while (records.length > 0) {
        seen = records.at(-1)?.seq ?? seen;
        const notices = records.flatMap(noticesOf);
        if (notices.length > 0) for (const listener of listeners) listener(notices);
        // A page that is not full was the last: what came since then has been announced.
        records = records.length < pageSize ? [] : await store.read.audit(seen, pageSize);
      }
    }
  }

  const stop = store.onCommit(() => {
    again = true;
    if (reading) return;
    reading = true;
    catchUp()
      // The store said why; the next commit tries again from the same place.
      .catch(() => undefined)
      .finally(() => {
        reading = false;
      });
  });

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async since(seq, limit) {
      const head = (await store.read.auditHead()).seq;
      if (seq > head || head - seq > limit) return undefined;
      return (await store.read.audit(seq, limit)).flatMap(noticesOf);
    },
    close() {
      stop();
      listeners.clear();
    },
  };
}
