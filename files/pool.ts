/** Scans files on all cores. Reports come out in the order the paths went in; memory is bounded by what may be in flight. */
import { Worker } from 'node:worker_threads';
import type { FileReport } from './report.ts';
import type { EngineSpec, Task, TaskResult } from './task.ts';

/** Paths a task: large enough that messages cost nothing beside scanning, small enough that cores end together. */
const batchSize = 48;
/** Tasks handed out and not yet written, per worker. */
const inFlight = 6;

export interface PoolOptions {
  readonly threads: number;
  /** `worker.ts` from source, `scan-worker.js` from the build. */
  readonly workerFile: string;
  readonly spec: EngineSpec;
}

/** @throws when a thread dies: a scan that lost files must not look complete. */
export async function* scanInPool(paths: Iterator<string>, { threads, workerFile, spec }: PoolOptions): AsyncGenerator<FileReport> {
  const done = new Map<number, readonly FileReport[]>();
  const idle: Worker[] = [];
  let failure: Error | undefined;
  let wake: () => void = () => {};
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(workerFile, { workerData: spec });
    worker.on('message', ({ id, reports }: TaskResult) => {
      done.set(id, reports);
      idle.push(worker);
      wake();
    });
    worker.on('error', (error) => {
      failure = error instanceof Error ? error : new Error('A scanning thread failed.');
      wake();
    });
    idle.push(worker);
    return worker;
  });
  try {
    let given = 0;
    let taken = 0;
    let exhausted = false;
    for (;;) {
      if (failure !== undefined) throw failure;
      while (!exhausted && idle.length > 0 && given - taken < threads * inFlight) {
        const batch = nextBatch(paths);
        exhausted = batch.length < batchSize;
        if (batch.length > 0) idle.pop()!.postMessage({ id: given++, paths: batch } satisfies Task);
      }
      const next = done.get(taken);
      if (next !== undefined) {
        done.delete(taken++);
        yield* next;
      } else if (exhausted && taken === given) {
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

function nextBatch(paths: Iterator<string>): string[] {
  const batch: string[] = [];
  while (batch.length < batchSize) {
    const { value, done } = paths.next();
    if (done === true) break;
    batch.push(value);
  }
  return batch;
}
