/** The sentences that people read on a squiggle. Never a value, never the mask either: a message lands in logs and screenshots. */
import type { EntityInfo } from '#core/engine/detector.ts';
import type { Finding, ScanLimit } from '#core/wire/finding.ts';

/** Where an entity is documented. */
export function entityPage(entity: string): string {
  return `https://github.com/pii-gate/pii-gate/blob/main/docs/entities.md#${entity.toLowerCase()}`;
}

export function percent(confidence: number): string {
  const rounded = Math.round(confidence * 100);
  return `${confidence < 1 ? Math.min(rounded, 99) : 100} %`;
}

/** "E-mail address", the first letter in upper case, else the entity's id made readable. */
export function titleOf(entity: string, info: EntityInfo | undefined): string {
  const title = info?.title ?? entity.toLowerCase().replaceAll('_', ' ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

export function findingMessage(finding: Finding, title: string): string {
  if (finding.reserved === true) return `${title}, a value reserved for tests and documentation.`;
  return `${title} (${percent(finding.confidence)}). Ctrl+. to mask.`;
}

export function aggregateMessage(title: string, more: number, atLeast: boolean): string {
  return `${title}: ${atLeast ? 'at least ' : ''}${count(more)} more in this file. Ctrl+. to mask all.`;
}

/** `groups`: title and number of findings, most first. */
export function summaryMessage(total: number, shown: number, groups: readonly (readonly [string, number])[], atLeast: boolean): string {
  const parts = groups.slice(0, 8).map(([title, size]) => `${title} ${atLeast ? '≥ ' : ''}${count(size)}`);
  if (groups.length > 8) parts.push(`${groups.length - 8} more kinds`);
  return `${count(total)} findings in this file, ${count(shown)} shown, worst first: ${parts.join(' · ')}. Ctrl+. to mask everything.`;
}

/** What a limit means to the reader; undefined for limits that need no words in the document. */
export function limitMessage(limit: ScanLimit): string | undefined {
  switch (limit.kind) {
    case 'truncated':
      return `PII Gate scanned ${size(limit.scanned)} of ${size(limit.total)}. What follows is unknown, not clean.`;
    case 'cancelled':
      return `The scan was stopped after ${size(limit.scanned)} of ${size(limit.total)}. What follows is unknown, not clean.`;
    case 'provider-down':
      return `${limit.provider} did not answer: ${limit.why}. Only PII Gate's own rules were applied.`;
    default:
      return undefined;
  }
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

function size(units: number): string {
  if (units >= 1e6) return `${(units / 1e6).toFixed(1)} MB`;
  return units >= 1e3 ? `${Math.round(units / 1e3)} kB` : `${units} B`;
}
