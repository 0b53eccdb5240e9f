/**
 * Group commit: units of work that arrive while the disk is busy share the next commit, so that durability costs one
 * flush a batch, not one a request. Each unit has its own savepoint: one that throws undoes only itself.
 * (The idea is that of DeWitt et al., "Implementation techniques for main memory database systems", SIGMOD 1984.)
 */
import type { Transaction } from './store.ts';

/** The database underneath, one batch at a time. */
export interface BatchDatabase {
  begin(): Promise<Transaction>;
  savepoint(): Promise<void>;
  release(): Promise<void>;
  rollbackTo(): Promise<void>;
  /** Makes the batch durable. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export interface GroupCommit {
  write<T>(unit: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Resolves when everything accepted so far is committed; later writes are refused. */
  close(): Promise<void>;
}

interface Waiting {
  readonly run: (transaction: Transaction) => Promise<void>;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/** @param maxBatch units in one commit at most, so that nobody waits for an endless batch */
export function createGroupCommit(database: BatchDatabase, onCommitted: () => void, maxBatch = 256): GroupCommit {
  const queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  async function runBatch(batch: readonly Waiting[]): Promise<void> {
    const done: Waiting[] = [];
    try {
      const transaction = await database.begin();
      for (const unit of batch) {
        await database.savepoint();
        try {
          await unit.run(transaction);
          await database.release();
          done.push(unit);
        } catch (error) {
          await database.rollbackTo();
          unit.fail(error);
        }
      }
      await database.commit();
    } catch (error) {
      await database.rollback().catch(() => undefined);
      for (const unit of batch) unit.fail(error);
      return;
    }
    for (const unit of done) unit.settle();
    if (done.length > 0) onCommitted();
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) await runBatch(queue.splice(0, maxBatch));
    running = undefined;
  }

  return {
    write<T>(unit: (transaction: Transaction) => Promise<T>): Promise<T> {
      if (closed) return Promise.reject(new Error('The store is closed'));
      return new Promise<T>((resolve, reject) => {
        let result: T;
        queue.push({
          run: async (transaction) => {
            result = await unit(transaction);
          },
          settle: () => resolve(result),
          fail: reject,
        });
        // Started a turn later, so that everything of this turn shares the first batch.
        running ??= Promise.resolve().then(drain);
      });
    },
    async close() {
      closed = true;
      await running;
    },
  };
}
