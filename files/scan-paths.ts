/** Paths → reports, in order: a few files here and now, many on all cores. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FileEngine } from './engine.ts';
import { scanInPool } from './pool.ts';
import type { FileReport } from './report.ts';
import { scanFile } from './scan-file.ts';
import type { EngineSpec } from './task.ts';
import { type Walked, walk, type WalkOptions } from './walk.ts';

/** Below both, starting threads (about 0.2 s each for their engine) costs more than it saves. */
const fewFiles = 2000;
const fewBytes = 16 * 1024 * 1024;

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
  const first: string[] = [];
  for (let next = files.next(); next.done !== true; next = files.next()) {
    first.push(next.value);
    if (first.length === fewFiles) break;
  }
  let written = 0;
  const failed = function* (): Generator<FileReport> {
    while (failures.length > 0 && failures[0]!.at <= written) yield failures.shift()!.report;
  };
  if (request.threads < 2 || (first.length < fewFiles && !isMuch(first, request.walk.cwd))) {
    const own = engine();
    for (const path of chain(first, files)) {
      yield* failed();
      yield scanFile(path, own, request.spec);
      written++;
    }
  } else {
    for await (const report of scanInPool(chain(first, files), request)) {
      yield* failed();
      yield report;
      written++;
    }
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

function* chain(first: readonly string[], rest: Iterable<string>): Generator<string> {
  yield* first;
  yield* rest;
}

/** Two or more files that together are worth a second thread. */
function isMuch(paths: readonly string[], cwd: string): boolean {
  let bytes = 0;
  for (const path of paths) bytes += statSync(resolve(cwd, path), { throwIfNoEntry: false })?.size ?? 0;
  return paths.length > 1 && bytes > fewBytes;
}
