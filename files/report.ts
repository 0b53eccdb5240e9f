/** What a scan of a set of documents says, independent of how it is written down. */
import type { Finding, ScanLimit } from '#core/wire/finding.ts';

/** 1-based lines; columns 1-based in UTF-16 code units. */
export interface Place { readonly line: number; readonly column: number; readonly endLine: number; readonly endColumn: number }

/** `fingerprint`: of the value, keyed; present when a baseline is in play. */
export type Placed = Finding & Place & { readonly fingerprint?: string };

export interface FileReport {
  readonly path: string;
  readonly findings: readonly Placed[];
  readonly limits: readonly ScanLimit[];
  /** Bytes read. */
  readonly bytes: number;
  /** Why the file could not be read, if so. */
  readonly error?: string;
}

export interface Summary {
  files: number;
  bytes: number;
  findings: number;
  errors: number;
  /** Files left out: binary. */
  skipped: number;
  /** Findings that the baseline knows. */
  known: number;
  elapsedMs: number;
}

/** Takes reports one by one, so that nothing has to be held. */
export interface ReportWriter {
  file(report: FileReport): Promise<void>;
  end(summary: Summary): Promise<void>;
}
