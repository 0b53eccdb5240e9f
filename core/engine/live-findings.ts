/**
 * The findings of a document in pieces, put together after each edit. A piece that stands where it stood hands out the same
 * findings again; the others are moved. Only the surest are kept, and only those are ever explained.
 */
import type { Finding, ScanLimit, ScanResult } from '../wire/finding.ts';
import type { Hit } from './hit.ts';

/** What a piece shows. */
export interface Shown {
  /** Where the piece began, in UTF-16 units of the document. */
  readonly base: number;
  /** Confidence in hundredths from which its hits were shown. */
  readonly least: number;
  readonly findings: readonly Finding[];
}

export interface FindingPiece {
  readonly text: string;
  /** Offsets are relative to the piece. Undefined: to be scanned. */
  readonly hits: readonly Hit[] | undefined;
  /** By hit: relative findings, made when first asked for. */
  readonly explained: (Finding | undefined)[];
  /** The surest hit's confidence in hundredths. */
  readonly best: number;
  /** What was shown last, where the limit cut nothing off. */
  shown: Shown | undefined;
}

export interface Selection {
  /** At most so many are kept, the surest. */
  readonly max: number;
  /** Hits of all pieces by confidence in hundredths. */
  readonly counts: Uint32Array;
  /** Whether an inline ignore covers a hit. */
  readonly covers: ((offset: number, entity: string) => boolean) | undefined;
  /** The finding of a hit, relative to its piece. */
  readonly explain: (piece: number, hit: Hit) => Finding;
}

export interface Composed {
  readonly findings: readonly Finding[];
  /** How many there are, shown or not. */
  readonly total: number;
  /** UTF-16 units of the pieces that have been scanned. */
  readonly scanned: number;
}

export const hundredthsOf = (hit: Hit): number => Math.round(hit.confidence * 100);

export function composeFindings(pieces: readonly FindingPiece[], { max, counts, covers, explain }: Selection): Composed {
  const total = covers ? 0 : counts.reduce((sum, count) => sum + count, 0);
  const { least, atLeast } = leastConfidence(counts, total > max ? max : Infinity);
  let room = atLeast, base = 0, scanned = 0;
  const findings: Finding[] = [];
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index]!;
    const { hits } = piece;
    if (hits !== undefined) scanned += piece.text.length;
    if (hits !== undefined && hits.length > 0 && (room > 0 || piece.best > least)) {
      const { shown } = piece;
      if (shown?.base === base && shown.least === least && shown.findings.length <= room && covers === undefined) {
        for (let i = 0; i < shown.findings.length; i++) findings.push(shown.findings[i]!);
        if (least > 0) for (const finding of shown.findings) if (Math.round(finding.confidence * 100) === least) room--;
      } else {
        const first = findings.length;
        let cut = false;
        for (let i = 0; i < hits.length; i++) {
          const hit = hits[i]!, hundredths = hundredthsOf(hit);
          if (hundredths < least) continue;
          if (hundredths === least && room-- <= 0) cut = true;
          else if (!covers?.(base + hit.start, hit.rule.rule.entity)) {
            piece.explained[i] ??= explain(index, hit);
            findings.push(moved(piece.explained[i]!, base));
          }
        }
        piece.shown = cut || covers ? undefined : { base, least, findings: findings.slice(first) };
      }
    }
    base += piece.text.length;
  }
  return { findings: findings.length > max ? findings.slice(0, max) : findings, total: Math.max(total, findings.length), scanned };
}

/** One shape for all: a keystroke moves thousands. */
function moved(finding: Finding, by: number): Finding {
  const { ruleId, entity, category, start, end, confidence, severity, reasons, masked } = finding;
  const copy = { ruleId, entity, category, start: start + by, end: end + by, confidence, severity, reasons, masked };
  return finding.reserved === undefined && finding.written === undefined ? copy : { ...finding, ...copy };
}

/** The confidence (in hundredths) from which hits fit into `max`, and how many may be taken at exactly that confidence. */
function leastConfidence(counts: Uint32Array, max: number): { readonly least: number; readonly atLeast: number } {
  if (max === Infinity) return { least: 0, atLeast: Infinity };
  let room = max;
  for (let hundredths = 100; hundredths > 0; hundredths--) {
    const count = counts[hundredths]!;
    if (count >= room) return { least: hundredths, atLeast: room };
    room -= count;
  }
  return { least: 0, atLeast: room };
}

/** Many keystrokes come before findings are asked for once. A result that nobody read by the next edit is never put together. */
export function lazily(compose: () => ScanResult): ScanResult {
  let composed: ScanResult | undefined;
  return {
    get findings(): readonly Finding[] {
      composed ??= compose();
      return composed.findings;
    },
    get limits(): readonly ScanLimit[] {
      composed ??= compose();
      return composed.limits;
    },
  };
}
