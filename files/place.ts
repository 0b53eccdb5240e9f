/** Offsets → lines and columns. */
import { LineIndex } from '#core/text/line-index.ts';
import type { Finding } from '#core/wire/finding.ts';
import type { Placed } from './report.ts';

export function place(text: string, findings: readonly Finding[]): readonly Placed[] {
  if (findings.length === 0) return [];
  const lines = new LineIndex(text);
  return findings.map((finding) => {
    const start = lines.positionAt(finding.start);
    const end = lines.positionAt(finding.end);
    return { ...finding, line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
  });
}
