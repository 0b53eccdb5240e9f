/** Where files beside the server are, from source and from the bundle alike. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ServerPaths {
  readonly sqliteProcess: string;
  /** Entry of the scanning threads. */
  readonly scanWorker: string;
  /** Entry of the model thread. */
  readonly onnxWorker: string;
  readonly sqlparserWasm?: string;
  readonly libpgWasm?: string;
  readonly temporary: string;
}

/** @param here folder of the running module: `server/` or `dist/` */
export function serverPaths(here: string): ServerPaths {
  const bundled = join(here, 'sqlite-process.js');
  if (!existsSync(bundled)) return { sqliteProcess: join(here, '../query/drivers/sqlite-process.ts'), scanWorker: join(here, '../files/worker.ts'), onnxWorker: join(here, '../files/providers/onnx/worker.ts'), temporary: tmpdir() };
  return { sqliteProcess: bundled, scanWorker: join(here, 'scan-worker.js'), onnxWorker: join(here, 'onnx-worker.js'), sqlparserWasm: join(here, 'sqlparser_rs_wasm_bg.wasm'), libpgWasm: join(here, 'libpg-query.wasm'), temporary: tmpdir() };
}
