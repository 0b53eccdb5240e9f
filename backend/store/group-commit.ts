/**
 * Group commit: units of work that arrive while the disk is busy share the next commit, so that durability costs one
 * flush a batch, not one a request. (The idea is that of DeWitt et al., "Implementation techniques for main memory database
 * systems", SIGMOD 1984.) A unit that throws undoes the batch; the others are run again without it, so it undoes only itself.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Needs, Transaction } from './store.ts';

/** The database underneath, one batch at a time. */
export interface BatchDatabase {
  /** @param needs what the units of the batch will look at */
  begin(needs: readonly Needs[]): Promise<Transaction>;
  /** Makes the batch durable. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export interface GroupCommit {
  write<T>(unit: (transaction: Transaction) => Promise<T>, needs?: Needs): Promise<T>;
  /** Resolves when everything accepted so far is committed; later writes are refused. */
  close(): Promise<void>;
}

interface Unit {
  readonly needs: Needs | undefined;
  readonly run: (transaction: Transaction) => Promise<void>;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/** @param maxBatch units in one commit at most, so that nobody waits for an endless batch */
export function createGroupCommit(database: BatchDatabase, onCommitted: () => void, maxBatch = 256): GroupCommit {
  const queue: Unit[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  /** Undefined when all was committed, else the unit that threw, or `commit` when nobody is to blame. */
  async function attempt(batch: readonly Unit[]): Promise<{ readonly culprit: Unit | 'commit'; readonly error: unknown } | undefined> {
    let culprit: Unit | 'commit' = 'commit';
    try {
      const transaction = await database.begin(batch.flatMap(({ needs }) => needs ?? []));
      for (const unit of batch) {
        culprit = unit;
        await unit.run(transaction);
      }
      culprit = 'commit';
      await database.commit();
      return undefined;
    } catch (error) {
      await database.rollback().catch(() => undefined);
      return { culprit, error };
    }
  }

  async function runBatch(batch: readonly Unit[]): Promise<void> {
    let left = batch;
    while (left.length > 0) {
      const failure = await attempt(left);
      if (!failure) break;
      const { culprit, error } = failure;
      // A commit that fails may be one unit's doing (deferred writes): alone, each shows whether it was.
      if (culprit === 'commit' && left.length > 1) {
        for (const unit of left) await runBatch([unit]);
        return;
      }
      for (const unit of left) if (culprit === 'commit' || unit === culprit) unit.fail(error);
      left = culprit === 'commit' ? [] : left.filter((unit) => unit !== culprit);
    }
    for (const unit of left) unit.settle();
    if (left.length > 0) onCommitted();
  }

  /**
   * Each batch begins a turn of the event loop later: a commit may block it (SQLite), and everything that came in
   * meanwhile is then in the next batch instead of one commit each.
   */
  async function drain(): Promise<void> {
    while (queue.length > 0) {
      await nextTurn();
      await runBatch(queue.splice(0, maxBatch));
    }
    running = undefined;
  }

  return {
    write<T>(unit: (transaction: Transaction) => Promise<T>, needs?: Needs): Promise<T> {
      if (closed) return Promise.reject(new Error('The store is closed'));
      return new Promise<T>((resolve, reject) => {
        let result: T;
        queue.push({
          needs,
          run: async (transaction) => {
            result = await unit(transaction);
          },
          settle: () => resolve(result),
          fail: reject,
        });
        running ??= drain();
      });
    },
    async close() {
      closed = true;
      await running;
    },
  };
}
