/** Which of overlapping findings are kept. */
import type { Hit } from './hit.ts';

/** From here a hit claims its span for itself alone. */
const CLAIMS_SPAN = 0.4;

/**
 * The surest hit wins its span; among equals the longer one. Doubtful readings (below the default threshold) of exactly
 * the same span stay beside each other, so that a caller who asks for them sees every entity it could be.
 * Sorted by start on return.
 */
export function resolveOverlaps(hits: Hit[]): Hit[] {
  if (hits.length < 2) return hits;
  hits.sort((a, b) => a.start - b.start || b.end - a.end);
  const out: Hit[] = [];
  for (let first = 0; first < hits.length;) {
    let next = first + 1, end = hits[first]!.end;
    for (; next < hits.length && hits[next]!.start < end; next++) end = Math.max(end, hits[next]!.end);
    if (next === first + 1) out.push(hits[first]!);
    else for (const hit of resolveCluster(hits.slice(first, next))) out.push(hit);
    first = next;
  }
  return out;
}

/** Larger clusters than this are resolved piecewise: the cost stays linear on hostile text. */
const LARGEST_CLUSTER = 100;

function resolveCluster(cluster: Hit[]): Hit[] {
  if (cluster.length > LARGEST_CLUSTER) {
    const half = cluster.length >> 1;
    return [...resolveCluster(cluster.slice(0, half)), ...resolveCluster(cluster.slice(half))].sort((a, b) => a.start - b.start);
  }
  const best = cluster.filter((hit) => !cluster.some((other) => isPieceOf(hit, other))).sort(bySureness);
  const kept: Hit[] = [];
  for (const hit of best) {
    const rival = kept.find((other) => other.start < hit.end && hit.start < other.end);
    if (!rival) kept.push(hit);
    else if (rival.start === hit.start && rival.end === hit.end && hit.confidence < CLAIMS_SPAN && !kept.some((other) => other.rule.rule.entity === hit.rule.rule.entity && other.start === hit.start)) kept.push(hit);
  }
  return kept.sort((a, b) => a.start - b.start || a.end - b.end || b.confidence - a.confidence);
}

/** A container this much surer relative to its piece keeps the piece's span. */
const NEARLY_AS_SURE = 0.7;

/** A piece of a larger value of the same entity, or of a value that is known to be a test value. */
function isPieceOf(hit: Hit, other: Hit): boolean {
  if (hit === other || other.start > hit.start || other.end < hit.end || other.end - other.start <= hit.end - hit.start) return false;
  if (other.rule.rule.entity === hit.rule.rule.entity) return other.confidence >= hit.confidence * NEARLY_AS_SURE;
  return other.reserved && other.end - other.start >= (hit.end - hit.start) * 1.5;
}

function bySureness(a: Hit, b: Hit): number {
  return b.confidence - a.confidence || Number(a.reserved) - Number(b.reserved) || b.end - b.start - (a.end - a.start) || a.start - b.start || a.rule.index - b.rule.index;
}
