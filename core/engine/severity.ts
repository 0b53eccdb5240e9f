/** How loudly a confidence is shown. */
import type { Severity } from '../wire/finding.ts';

/** From here the rule's own severity is shown. */
export const SURE = 0.7;
/** Below this a match is a hint, and is left out unless a lower threshold is asked for. */
export const DOUBTFUL = 0.4;

const LOUDNESS: readonly Severity[] = ['hint', 'information', 'warning', 'error'];

export function severityFor(confidence: number, own: Severity): Severity {
  if (confidence >= SURE) return own;
  return confidence >= DOUBTFUL ? quieter(own, 'information') : 'hint';
}

export const quieter = (a: Severity, b: Severity): Severity => (LOUDNESS.indexOf(a) <= LOUDNESS.indexOf(b) ? a : b);
