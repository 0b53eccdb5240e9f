/**
 * Scans files on all cores. Reports come out in the order the paths went in; memory is bounded by what may be in flight. This
 * thread, where it has an engine, begins alone and goes on scanning: it is warm while the others still start, and idle otherwise.
 */
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { FileEngine } from './engine.ts';
import type { FileReport } from './report.ts';
import { scanFile } from './scan-file.ts';
import { type EngineSpec, type Ready, type Task, type TaskResult, unpacked } from './task.ts';

/** Paths a task: large enough that messages cost nothing beside scanning, small enough that cores end together. */
const batchSize = 64;
/** Milliseconds that this thread scans before it looks for messages. */
const turn = 4;
/** Milliseconds of scanning after which another thread is worth its start: about 300 ms of processor time for its engine. */
const worthAnother = 500;
/** Tasks a worker has at hand, so that it never waits for a message. */
const atHand = 2;
/** Paths that are ahead of what has been written: one slow file must not make the other threads wait. */
const ahead = 8_192;

export interface PoolOptions {
  /** This thread counts as one where it scans, too. */
  readonly threads: number;
  /** `worker.ts` from source, `scan-worker.js` from the build. */
  readonly workerFile: string;
  readonly spec: EngineSpec;
  /** Milliseconds before other threads are started; for tests. */
  readonly patience?: number;
}

/**
 * @param engine this thread's own; without one it only hands out and collects
 * @throws when a thread dies: a scan that lost files must not look complete.
 */
export async function* scanInPool(paths: Iterator<string>, { threads, workerFile, spec, patience = worthAnother }: PoolOptions, engine?: FileEngine): AsyncGenerator<FileReport> {
  const batches = new Batches(paths);
  const done = new Map<number, readonly FileReport[]>();
  const given = new Map<number, readonly string[]>();
  const failures: Error[] = [];
  let wake = (): void => {};
  let next = 0, taken = 0, pending = 0;
  const workers: Worker[] = [];
  const hasRoom = (): boolean => pending < ahead;
  /** Workers that want more, one entry a task. None before it is ready: what it held meanwhile would hold up the rest. */
  const hungry: Worker[] = [];
  const feed = (): void => {
    while (hungry.length > 0 && hasRoom()) {
      const batch = batches.take(batchSize);
      if (batch === undefined) return;
      given.set(next, batch);
      pending += batch.length;
      hungry.shift()!.postMessage({ id: next++, paths: batch } satisfies Task);
    }
  };
  const start = (): void => {
    const worker = new Worker(workerFile, { workerData: spec });
    workers.push(worker);
    worker.on('message', (message: TaskResult | Ready) => {
      if ('ready' in message) for (let i = 0; i < atHand; i++) hungry.push(worker);
      else {
        done.set(message.id, unpacked(given.get(message.id)!, message.reports));
        given.delete(message.id);
        hungry.push(worker);
      }
      feed();
      wake();
    });
    worker.on('error', (error) => {
      failures.push(error instanceof Error ? error : new Error('A scanning thread failed.'));
      wake();
    });
  };
  const began = performance.now();
  const most = engine === undefined ? threads : threads - 1, wait = engine === undefined ? 0 : patience;
  try {
    for (;;) {
      while (workers.length < most && performance.now() - began >= wait && !batches.exhausted) start();
      feed();
      if (failures[0] !== undefined) throw failures[0];
      const ready = done.get(taken);
      if (ready !== undefined) {
        done.delete(taken++);
        pending -= ready.length;
        yield* ready;
        continue;
      }
      const own = engine !== undefined && hasRoom() ? scanForAWhile(batches, engine, spec) : [];
      if (own.length > 0) {
        pending += own.length;
        done.set(next++, own);
        if (workers.length > 0) await setImmediate();
      } else if (taken === next && batches.exhausted) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Reports of the next paths, for one turn. */
function scanForAWhile(batches: Batches, engine: FileEngine, spec: EngineSpec): readonly FileReport[] {
  const reports: FileReport[] = [];
  const until = performance.now() + turn;
  while (performance.now() < until) {
    const path = batches.take(1)?.[0];
    if (path === undefined) break;
    reports.push(scanFile(path, engine, spec));
  }
  return reports;
}

/** Paths by the handful. */
class Batches {
  exhausted = false;
  private readonly paths: Iterator<string>;

  constructor(paths: Iterator<string>) {
    this.paths = paths;
  }

  /** At most so many; undefined when there is none left. */
  take(most: number): readonly string[] | undefined {
    const batch: string[] = [];
    while (batch.length < most) {
      const { value, done } = this.paths.next();
      if (done === true) {
        this.exhausted = true;
        break;
      }
      batch.push(value);
    }
    return batch.length === 0 ? undefined : batch;
  }
}
