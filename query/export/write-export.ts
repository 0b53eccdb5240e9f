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

export interface ExportOutcome {
  readonly rows: number;
  readonly bytes: number;
  readonly truncated: boolean;
  readonly manifestPath: string;
  /** Generalised columns in which a value stands in fewer than five rows: it may still identify somebody. */
  readonly smallGroups: readonly { readonly column: string; readonly groups: number }[];
}

/** The usual k of k-anonymity; see `Samarati, Sweeney 1998`, and the k ≥ 5 of common disclosure rules. */
const SMALLEST_GROUP = 5;
/** Distinct values counted a column. */
const MAX_GROUPS = 100_000;

/** Characters gathered before each write. */
const CHUNK = 256 * 1024;

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
    return { rows: written.rows, bytes: written.bytes, truncated: written.truncated, smallGroups: written.smallGroups, manifestPath };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(partial, { force: true });
    await rm(`${partial}.manifest`, { force: true });
    throw error;
  }
}

async function writeRows({ format, columns, rows, maxRows, signal }: ExportJob, write: (chunk: Uint8Array) => Promise<void>): Promise<Omit<ExportOutcome, 'manifestPath'> & { sha256: string }> {
  const hash = createHash('sha256');
  const container = format.container?.();
  let bytes = 0;
  let pending = format.begin(columns.map((c) => c.name));
  let count = 0;
  let truncated = false;
  const groups = columns.flatMap((c, column) => (c.mask === 'generalise' ? [{ column, seen: new Map<string, number>() }] : []));
  const put = async (chunk: Uint8Array): Promise<void> => {
    hash.update(chunk);
    bytes += chunk.length;
    await write(chunk);
  };
  const flush = (): Promise<void> => {
    const text = pending;
    pending = '';
    return put(container ? container.write(text) : Buffer.from(text, 'utf8'));
  };
  reading: for await (const batch of rows) {
    signal?.throwIfAborted();
    for (const row of batch) {
      if (count >= maxRows) { truncated = true; break reading; }
      const cells = row.length > columns.length ? row.slice(0, columns.length) : row;
      for (const { column, seen } of groups) {
        const group = cells[column]?.v ?? '';
        if (seen.size < MAX_GROUPS) seen.set(group, (seen.get(group) ?? 0) + 1);
      }
      pending += format.row(cells, count++);
      if (pending.length >= CHUNK) await flush();
    }
  }
  signal?.throwIfAborted();
  pending += format.end(count);
  await flush();
  if (container) await put(container.finish());
  const smallGroups = groups.flatMap(({ column, seen }) => {
    const small = [...seen.values()].filter((n) => n < SMALLEST_GROUP).length;
    return small > 0 ? [{ column: columns[column]?.name ?? '', groups: small }] : [];
  });
  return { rows: count, bytes, truncated, smallGroups, sha256: hash.digest('hex') };
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
