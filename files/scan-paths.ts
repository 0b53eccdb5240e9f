/** Paths → reports, in order: here and now, and on all cores when it takes long. */
import type { FileEngine } from './engine.ts';
import { scanInPool } from './pool.ts';
import type { FileReport } from './report.ts';
import { scanFile } from './scan-file.ts';
import type { EngineSpec } from './task.ts';
import { type Walked, walk, type WalkOptions } from './walk.ts';

export interface ScanPaths {
  readonly paths: readonly string[];
  readonly walk: WalkOptions;
  readonly threads: number;
  readonly workerFile: string;
  readonly spec: EngineSpec;
}

export async function* scanPaths(request: ScanPaths, engine: () => FileEngine): AsyncGenerator<FileReport> {
  const failures: { readonly at: number; readonly report: FileReport }[] = [];
  let count = 0;
  const files = filesOf(walk(request.paths, request.walk), (path, error) => failures.push({ at: count, report: { path, findings: [], limits: [], bytes: 0, error } }), () => count++);
  let written = 0;
  const failed = function* (): Generator<FileReport> {
    while (failures.length > 0 && failures[0]!.at <= written) yield failures.shift()!.report;
  };
  const reports = request.threads < 2 ? scanAlone(files, engine(), request.spec) : scanInPool(files, request, engine());
  for await (const report of reports) {
    yield* failed();
    yield report;
    written++;
  }
  for (const { report } of failures) yield report;
}

function* filesOf(walked: Iterable<Walked>, failed: (path: string, error: string) => void, taken: () => void): Generator<string> {
  for (const file of walked) {
    if ('error' in file) failed(file.path, file.error);
    else {
      taken();
      yield file.path;
    }
  }
}

function* scanAlone(paths: Iterable<string>, engine: FileEngine, spec: EngineSpec): Generator<FileReport> {
  for (const path of paths) yield scanFile(path, engine, spec);
}
