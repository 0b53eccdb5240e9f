/** Which of overlapping findings are kept. */
import type { Finding } from '../wire/finding.ts';

/** From here a finding claims its span for itself alone. */
const CLAIMS_SPAN = 0.4;

/**
 * The surest finding wins its span; among equals the longer one. Doubtful readings (below the default threshold) of exactly
 * the same span stay beside each other, so that a caller who asks for them sees every entity it could be.
 * Sorted by start on return.
 */
export function resolveOverlaps(findings: Finding[]): Finding[] {
  if (findings.length < 2) return findings;
  findings.sort((a, b) => a.start - b.start || b.end - a.end);
  const out: Finding[] = [];
  let cluster: Finding[] = [];
  let clusterEnd = -1;
  const close = (): void => {
    if (cluster.length === 1) out.push(cluster[0]!);
    else if (cluster.length > 1) out.push(...resolveCluster(cluster));
    cluster = [];
  };
  for (const finding of findings) {
    if (finding.start >= clusterEnd) {
      close();
      clusterEnd = finding.end;
    } else clusterEnd = Math.max(clusterEnd, finding.end);
    cluster.push(finding);
  }
  close();
  return out;
}

/** Larger clusters than this are resolved piecewise: the cost stays linear on hostile text. */
const LARGEST_CLUSTER = 400;

function resolveCluster(cluster: Finding[]): Finding[] {
  if (cluster.length > LARGEST_CLUSTER) {
    const half = cluster.length >> 1;
    return [...resolveCluster(cluster.slice(0, half)), ...resolveCluster(cluster.slice(half))].sort((a, b) => a.start - b.start);
  }
  const best = [...cluster].sort(bySureness);
  const kept: Finding[] = [];
  for (const finding of best) {
    const rival = kept.find((other) => other.start < finding.end && finding.start < other.end);
    if (!rival) kept.push(finding);
    else if (rival.start === finding.start && rival.end === finding.end && finding.confidence < CLAIMS_SPAN && !kept.some((other) => other.entity === finding.entity && other.start === finding.start)) kept.push(finding);
  }
  return kept.sort((a, b) => a.start - b.start || a.end - b.end || b.confidence - a.confidence);
}

function bySureness(a: Finding, b: Finding): number {
  return b.confidence - a.confidence || Number(a.reserved ?? false) - Number(b.reserved ?? false) || b.end - b.start - (a.end - a.start) || a.start - b.start || (a.ruleId < b.ruleId ? -1 : 1);
}
