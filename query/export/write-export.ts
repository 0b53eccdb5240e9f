/**
 * Writes an export: streamed to a partial file beside the target, then renamed, so that a file under the target's name
 * is always whole. The manifest beside it says who took what, by which approval, and what was masked.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import canonicalize from 'canonicalize';
import type { ExportCell, TextFormat } from './format.ts';

export interface ExportColumn { readonly name: string; readonly masked: boolean; readonly entity?: string; readonly mask?: string }

export interface ManifestFacts {
  readonly by: { readonly id: string; readonly name: string };
  readonly connection: { readonly id: string; readonly environment: string };
  /** The keyed commitment to the statement and its parameters. The statement itself stays out: it may hold literals. */
  readonly statementDigest: string;
  /** Absent for an export that needed no approval. */
  readonly approval?: { readonly request: string; readonly grant: string; readonly receipt: string };
}

export interface ExportJob {
  /** Absolute. An existing file is replaced. */
  readonly path: string;
  readonly formatName: string;
  readonly format: TextFormat;
  readonly columns: readonly ExportColumn[];
  /** Batches of rows; each row has one cell a column. */
  readonly rows: AsyncIterable<readonly (readonly ExportCell[])[]>;
  /** Rows beyond are not written, whatever the source gives. */
  readonly maxRows: number;
  readonly manifest: ManifestFacts;
  /** 32 bytes: keys the manifest's authentication code. */
  readonly installationKey: Uint8Array;
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

export interface ExportOutcome { readonly rows: number; readonly bytes: number; readonly truncated: boolean; readonly manifestPath: string }

/** Characters gathered before each write. */
const CHUNK = 64 * 1024;

/** Throws the file system's error or the signal's reason; nothing is left behind then. */
export async function writeExport(job: ExportJob): Promise<ExportOutcome> {
  const partial = `${job.path}.${randomBytes(6).toString('hex')}.partial`;
  const file = await open(partial, 'wx', 0o600);
  let written: Omit<ExportOutcome, 'manifestPath'> & { readonly sha256: string };
  try {
    written = await writeRows(job, async (chunk) => { await file.writeFile(chunk); });
    await file.sync();
    await file.close();
    const manifestPath = `${job.path}.manifest.json`;
    await writeFile(`${partial}.manifest`, manifestText(job, written), { flag: 'wx', mode: 0o600 });
    await rename(partial, job.path);
    await rename(`${partial}.manifest`, manifestPath);
    return { rows: written.rows, bytes: written.bytes, truncated: written.truncated, manifestPath };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(partial, { force: true });
    await rm(`${partial}.manifest`, { force: true });
    throw error;
  }
}

async function writeRows({ format, columns, rows, maxRows, signal }: ExportJob, write: (chunk: Buffer) => Promise<void>): Promise<Omit<ExportOutcome, 'manifestPath'> & { sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  let pending = format.begin(columns.map((c) => c.name));
  let count = 0;
  let truncated = false;
  const flush = async (): Promise<void> => {
    const chunk = Buffer.from(pending, 'utf8');
    pending = '';
    hash.update(chunk);
    bytes += chunk.length;
    await write(chunk);
  };
  reading: for await (const batch of rows) {
    signal?.throwIfAborted();
    for (const row of batch) {
      if (count >= maxRows) { truncated = true; break reading; }
      pending += format.row(row.slice(0, columns.length), count++);
      if (pending.length >= CHUNK) await flush();
    }
  }
  signal?.throwIfAborted();
  pending += format.end(count);
  await flush();
  return { rows: count, bytes, truncated, sha256: hash.digest('hex') };
}

/**
 * `mac` is HMAC-SHA256(installation key, RFC 8785 JSON of the manifest without it), base64url: it shows a change to
 * whoever holds the key; `approval.receipt` is signed by the backend and convinces everybody else.
 */
function manifestText(job: ExportJob, written: { rows: number; bytes: number; truncated: boolean; sha256: string }): string {
  const manifest = {
    version: 1, tool: 'pii-gate', exportedAt: new Date(job.now()).toISOString(), ...job.manifest,
    format: job.formatName, rows: written.rows, truncated: written.truncated, bytes: written.bytes, sha256: written.sha256,
    columns: job.columns.map((c) => ({ ...c })),
  };
  const mac = createHmac('sha256', job.installationKey).update(`pii-gate export manifest v1\n${canonicalize(manifest) ?? ''}`).digest('base64url');
  return `${JSON.stringify({ ...manifest, mac }, undefined, 2)}\n`;
}
