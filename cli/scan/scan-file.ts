/** One file → one report. Never throws: what goes wrong stands in the report. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CliEngine } from '../engine.ts';
import { decode } from '../io/decode.ts';
import { place } from './place.ts';
import type { FileReport } from './report.ts';
import { reasonOf } from './walk.ts';

export interface FileOptions {
  readonly cwd: string;
  readonly languageId?: string;
}

export function scanFile(path: string, engine: CliEngine, options: FileOptions): FileReport {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolve(options.cwd, path));
  } catch (error) {
    return { path, findings: [], limits: [], bytes: 0, error: reasonOf(error) };
  }
  return scanBytes(path, bytes, engine, options);
}

/** `path` is only shown and looked at for its name. */
export function scanBytes(path: string, bytes: Uint8Array, engine: CliEngine, options: FileOptions): FileReport {
  const decoded = decode(bytes);
  if (decoded.kind === 'binary') return { path, findings: [], limits: [{ kind: 'binary', why: decoded.why }], bytes: bytes.length };
  const result = engine.detector.scan(decoded.text, { ...engine.options, filename: path, ...(options.languageId === undefined ? {} : { languageId: options.languageId }) });
  return { path, findings: place(decoded.text, result.findings), limits: result.limits, bytes: bytes.length };
}
