/** Entry point of a scanning thread (`dist/scan-worker.js`): its own engine, file paths in, reports out. */
import { parentPort, workerData } from 'node:worker_threads';
import { createEngine, readPolicy } from './engine.ts';
import { scanFile } from './scan-file.ts';
import { type EngineSpec, packed, type Ready, type Task, type TaskResult } from './task.ts';

const spec = workerData as EngineSpec;
const engine = createEngine(readPolicy(spec.policy).policy, spec.choices);

parentPort?.postMessage({ ready: true } satisfies Ready);
parentPort?.on('message', ({ id, paths }: Task) => {
  const result: TaskResult = { id, reports: paths.map((path) => packed(scanFile(path, engine, spec))) };
  parentPort?.postMessage(result);
});
