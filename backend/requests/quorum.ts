/**
 * Who may decide, and when it is enough. Pure.
 *
 * Distinct people are counted, never roles: one person in two groups is one approval, and one approval counts for one
 * step only. Steps are taken in order. Nobody decides on their own request, whatever their roles.
 */
import type { ApproverStep, Decision } from '#core/wire/approval.ts';


export interface Progress {
  /** Index of the step that waits for approvals; `steps.length` when all are met. */
  readonly step: number;
  /** Approvals that the waiting step has. */
  readonly have: number;
  readonly complete: boolean;
}

/**
 * Replays approvals in the order they were given.
 * An approver counts by the roles that the decision recorded, not by those of today.
 */
export function progress(steps: readonly ApproverStep[], decisions: readonly Decision[]): Progress {
  const counted = new Set<string>();
  let step = 0;
  let have = 0;
  const skipMet = (): void => {
    while (step < steps.length && have >= (steps[step]?.count ?? 0)) {
      step += 1;
      have = 0;
    }
  };
  skipMet();
  for (const decision of decisions) {
    const waiting = steps[step];
    if (!waiting || decision.decision !== 'approve' || counted.has(decision.by.id)) continue;
    if (!mayFill(waiting, decision.by.id, decision.by.roles)) continue;
    counted.add(decision.by.id);
    have += 1;
    skipMet();
  }
  return { step, have, complete: step >= steps.length };
}

/** True when one of `memberships`, or the id itself, is in the step's set. */
export function mayFill(step: ApproverStep, id: string, memberships: Iterable<string>): boolean {
  const allowed = new Set(step.anyOf);
  if (allowed.has(id)) return true;
  for (const membership of memberships) if (allowed.has(membership)) return true;
  return false;
}
