/** For tests: the shipped rules behind RE2, and one line per finding. */
import type { Detector, ScanOptions } from './detector.ts';

/** `ENTITY:value` of each finding that is not a hint. */
export function loud(detector: Detector, text: string, options: ScanOptions = {}): string[] {
  return detector.scan(text, options).findings.filter((finding) => finding.severity !== 'hint').map((finding) => `${finding.entity}:${text.slice(finding.start, finding.end)}`);
}
