/** Settings and workspace policy folded into scan options. What a workspace brings may add findings and raise severities; taking away needs trust. */
import type { ScanOptions } from '../engine/detector.ts';
import type { Severity } from '../wire/finding.ts';
import type { WorkspacePolicy } from './workspace-policy.ts';

/** What the user chose, in the editor's settings or on the command line. */
export interface UserChoices {
  /** 0..1; undefined: the policy's, else the engine's default. */
  readonly minConfidence?: number;
  readonly disabledEntities: ReadonlySet<string>;
  readonly severity: ReadonlyMap<string, Severity>;
  readonly inlineIgnores: boolean;
  /** True when the user's `minConfidence` outranks the policy's: a flag that was typed, not a default. */
  readonly insists?: boolean;
}

const rank: Readonly<Record<Severity, number>> = { hint: 0, information: 1, warning: 2, error: 3 };

export function scanChoices(user: UserChoices, policy: WorkspacePolicy, trusted: boolean): ScanOptions {
  const minConfidence = confidence(user, policy, trusted);
  return {
    ...(minConfidence === undefined ? {} : { minConfidence }),
    disabledEntities: trusted ? new Set([...user.disabledEntities, ...policy.disabledEntities]) : user.disabledEntities,
    inlineIgnores: user.inlineIgnores,
    severityOf: (entity, proposed) => {
      const own = user.severity.get(entity);
      if (own !== undefined) return own;
      const policys = policy.severity.get(entity) ?? proposed;
      return trusted || rank[policys] > rank[proposed] ? policys : proposed;
    },
    ...(trusted ? { disabledRules: policy.disabledRules, allowed: (value: string, entity: string) => policy.allowed(value, entity) } : {}),
  };
}

function confidence(user: UserChoices, policy: WorkspacePolicy, trusted: boolean): number | undefined {
  if (policy.minConfidence === undefined || (user.insists === true && user.minConfidence !== undefined)) return user.minConfidence;
  if (trusted || user.minConfidence === undefined) return trusted ? policy.minConfidence : undefined;
  return Math.min(policy.minConfidence, user.minConfidence);
}
