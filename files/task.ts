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

export interface Task { readonly id: number; readonly paths: readonly string[] }
export interface TaskResult { readonly id: number; readonly reports: readonly FileReport[] }
