/**
 * Makes SQLite's commits durable beside the work instead of in its way.
 *
 * With `synchronous = NORMAL` a commit in write-ahead mode is in the log but not flushed, and the database stays whole whatever
 * happens (https://www.sqlite.org/pragma.html#pragma_synchronous). What FULL adds is one flush of the log after each commit;
 * that flush is done here, on another thread, before anybody is told that the commit happened. Closing this descriptor drops no
 * lock: SQLite locks the database and its index file, never the log.
 */
import { close, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

export interface WalSync {
  /** Resolves when everything committed so far is on the disk. After one failure it is never certain again: it always rejects. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** @param database path of a database file in write-ahead mode that is open and was written to */
export function openWalSync(database: string): WalSync {
  // Writable, because Windows flushes no other descriptor.
  const file = openSync(`${database}-wal`, 'r+');
  let broken: Error | undefined;
  return {
    flush: () => new Promise((resolve, reject) => {
      if (broken) {
        reject(broken);
        return;
      }
      fdatasync(file, (error) => {
        // What the kernel could not write may be gone from its memory as well: a second try would lie.
        if (error) broken = new Error(`The store could not be flushed to the disk (${error.code ?? 'unknown'}). Stop the service and look at the disk.`);
        if (broken) reject(broken);
        else resolve();
      });
    }),
    close: () => promisify(close)(file),
  };
}
