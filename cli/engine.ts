/** The engine as the command line uses it: shipped rules plus those of the workspace policy. */
import type { Detector, ScanOptions } from '#core/engine/detector.ts';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { builtinPacks } from '#rules';
import type { Severity } from '#core/wire/finding.ts';
import type { WorkspacePolicy } from '#core/policy/workspace-policy.ts';

export interface CliEngine {
  readonly detector: Detector;
  /** Options that hold for every document. */
  readonly options: ScanOptions;
}

export function createEngine(policy: WorkspacePolicy, minConfidence: number | undefined): CliEngine {
  const confidence = minConfidence ?? policy.minConfidence;
  const packs = policy.custom === undefined ? builtinPacks() : [...builtinPacks(), policy.custom];
  return {
    detector: createDetector(packs, createRe2()),
    options: {
      ...(confidence === undefined ? {} : { minConfidence: confidence }),
      disabledEntities: policy.disabledEntities,
      disabledRules: policy.disabledRules,
      allowed: (value: string, entity: string) => policy.allowed(value, entity),
      severityOf: (entity: string, proposed: Severity) => policy.severity.get(entity) ?? proposed,
    },
  };
}
