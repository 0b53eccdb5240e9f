/** What passes between the scanning threads: plain data. */
import type { Choices, PolicySource } from './engine.ts';
import type { FileReport } from './report.ts';

/** How a worker makes its engine. */
export interface EngineSpec {
  readonly policy: PolicySource;
  readonly choices: Choices;
  readonly languageId?: string;
  readonly cwd: string;
  /** 32 bytes: findings then carry a keyed fingerprint of their value, for the baseline. */
  readonly fingerprintKey?: Uint8Array;
}

/** A worker's first message: it has its engine. */
export interface Ready { readonly ready: true }
export interface Task { readonly id: number; readonly paths: readonly string[] }

/** What a worker says of a file: its size where there is nothing to report. Most files are clean, and messages cost. */
export type PackedReport = FileReport | number;
export interface TaskResult { readonly id: number; readonly reports: readonly PackedReport[] }

export function packed(report: FileReport): PackedReport {
  return report.findings.length === 0 && report.limits.length === 0 && report.error === undefined ? report.bytes : report;
}

/** The reports of a task's paths. */
export function unpacked(paths: readonly string[], reports: readonly PackedReport[]): readonly FileReport[] {
  return reports.map((report, index) => (typeof report === 'number' ? { path: paths[index]!, findings: [], limits: [], bytes: report } : report));
}
