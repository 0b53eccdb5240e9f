/** One file → one report. Never throws: what goes wrong stands in the report. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FileEngine } from './engine.ts';
import { decode } from './decode.ts';
import { streamFrom } from './pieces.ts';
import { fingerprint } from './fingerprint.ts';
import { place } from './place.ts';
import type { FileReport, Placed } from './report.ts';
import { scanLarge } from './scan-large.ts';
import { reasonOf } from './walk.ts';

export interface FileOptions {
  readonly cwd: string;
  readonly languageId?: string;
  readonly fingerprintKey?: Uint8Array;
}

export function scanFile(path: string, engine: FileEngine, options: FileOptions): FileReport {
  const absolute = resolve(options.cwd, path);
  try {
    const read = readSmall(absolute);
    if (typeof read !== 'number') return scanBytes(path, read, engine, options);
    return scanLarge(path, absolute, read, engine, { ...(options.languageId === undefined ? {} : { languageId: options.languageId }), mark: marker(options.fingerprintKey) });
  } catch (error) {
    return { path, findings: [], limits: [], bytes: 0, error: reasonOf(error) };
  }
}

/** `path` is only shown and looked at for its name. */
export function scanBytes(path: string, bytes: Buffer, engine: FileEngine, options: FileOptions): FileReport {
  const decoded = decode(bytes);
  if (decoded.kind === 'binary') return { path, findings: [], limits: [{ kind: 'binary', why: decoded.why }], bytes: bytes.length };
  const { text } = decoded;
  const result = engine.detector.scan(text, { ...engine.options, filename: path, ...(options.languageId === undefined ? {} : { languageId: options.languageId }) });
  const mark = marker(options.fingerprintKey);
  const findings = place(text, result.findings).map((finding) => mark(finding, text.slice(finding.start, finding.end)));
  return { path, findings, limits: result.limits, bytes: bytes.length };
}

/** Adds a fingerprint of the value where a baseline asks for one. */
export function marker(key: Uint8Array | undefined): (finding: Placed, value: string) => Placed {
  if (key === undefined) return (finding) => finding;
  return (finding, value) => ({ ...finding, fingerprint: fingerprint(key, finding.entity, value) });
}

/** The file's bytes, or its size where it is too large to hold. */
function readSmall(path: string): Buffer | number {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    if (size >= streamFrom) return size;
    // One more than its size tells that a file grew, and reads pipes and /proc, whose size is 0.
    let buffer = Buffer.allocUnsafe(Math.max(size + 1, 4096));
    let length = 0;
    for (;;) {
      const read = readSync(file, buffer, length, buffer.length - length, null);
      if (read === 0) return buffer.subarray(0, length);
      length += read;
      if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
    }
  } finally {
    closeSync(file);
  }
}
