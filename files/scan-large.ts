/** A file in pieces: the head of a table goes before each piece, so that columns keep their names. */
import type { Finding, ScanLimit } from '#core/wire/finding.ts';
import { LineIndex } from '#core/text/line-index.ts';
import type { FileEngine } from './engine.ts';
import { type Piece, pieces } from './pieces.ts';
import type { FileReport, Placed } from './report.ts';

/** Longest first line that is taken for a table's head, in UTF-16 units. */
const longestHead = 64 * 1024;

export interface LargeOptions {
  readonly languageId?: string;
  /** Called for each finding with its value, e.g. to fingerprint it. */
  readonly mark: (finding: Placed, value: string) => Placed;
  /** Bytes a piece; for tests. */
  readonly pieceBytes?: number;
}

/** @throws the system's error when the file can't be read. */
export function scanLarge(path: string, absolute: string, bytes: number, engine: FileEngine, options: LargeOptions): FileReport {
  const findings: Placed[] = [];
  const limits = new Map<string, ScanLimit>();
  let head = '';
  let line = 0;
  let lineStart = 0;
  let parts = 0;
  const table = isTable(path, options.languageId);
  for (const piece of pieces(absolute, () => limits.set('binary', { kind: 'binary', why: 'holds NUL bytes' }), options.pieceBytes)) {
    const prefix = parts === 0 ? '' : head;
    const text = prefix + piece.text;
    const result = engine.detector.scan(text, { ...engine.options, filename: path, ...(options.languageId === undefined ? {} : { languageId: options.languageId }) });
    const lines = new LineIndex(piece.text);
    for (const finding of result.findings) {
      const own = placed(finding, prefix.length, piece, lines, { line, start: lineStart });
      if (own !== undefined) findings.push(options.mark(own, text.slice(finding.start, finding.end)));
    }
    for (const limit of result.limits) limits.set(limit.kind + ('ruleId' in limit ? limit.ruleId : ''), limit);
    if (parts === 0 && table) {
      const end = piece.text.indexOf('\n') + 1;
      if (end > 0 && end <= longestHead) head = piece.text.slice(0, end);
    }
    // A cut inside a line hands its overlap to the next piece, which starts on the same line.
    line += lines.lineCount - 1;
    if (lines.lineCount > 1) lineStart = piece.base + lines.lineStart(lines.lineCount - 1);
    parts++;
  }
  if (parts > 1 && !table) limits.set('pieces', { kind: 'structure-fallback', format: 'pieces', why: `too large for memory: read in ${parts} pieces, keys outside of a piece are not seen` });
  return { path, findings, limits: [...limits.values()], bytes };
}

/** Undefined for findings in the repeated head or in a neighbour's share. `first`: the line that the piece begins in. */
function placed(finding: Finding, prefix: number, piece: Piece, lines: LineIndex, first: { readonly line: number; readonly start: number }): Placed | undefined {
  const start = finding.start - prefix;
  const end = finding.end - prefix;
  if (start < 0 || end <= piece.from || end > piece.to) return undefined;
  const place = (offset: number): { line: number; column: number } => {
    const { line, character } = lines.positionAt(offset);
    return { line: first.line + line + 1, column: (line === 0 ? piece.base + offset - first.start : character) + 1 };
  };
  const from = place(start);
  const to = place(end);
  return { ...finding, start: start + piece.base, end: end + piece.base, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

function isTable(path: string, languageId: string | undefined): boolean {
  return /\.(?:csv|tsv|psv)$/i.test(path) || (languageId !== undefined && /csv|tsv/i.test(languageId));
}
