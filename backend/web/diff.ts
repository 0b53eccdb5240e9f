/** What changed between two texts, line by line. Pure. */

export interface DiffLine { readonly kind: 'same' | 'added' | 'removed'; readonly text: string; /** Line of the newer text, from 1; absent for removed ones. */ readonly line?: number }
/** Lines of a diff as shown: runs of unchanged lines far from a change are told by their number. */
export type DiffPart = DiffLine | { readonly kind: 'skipped'; readonly count: number };

/** Middles with more line pairs than this are shown as "all of it changed": the table below grows with their product. */
const MOST_PAIRS = 4_000_000;

/** Longest common subsequence by dynamic programming (Wagner and Fischer 1974) of what lies between the common ends. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const a = before.split(/\r\n|\r|\n/);
  const b = after.split(/\r\n|\r|\n/);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const lines = [
    ...b.slice(0, head).map((text): DiffLine => ({ kind: 'same', text })),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...b.slice(b.length - tail).map((text): DiffLine => ({ kind: 'same', text })),
  ];
  let line = 0;
  return lines.map((each) => {
    if (each.kind === 'removed') return each;
    line += 1;
    return { ...each, line };
  });
}

/** Removed lines come before added ones. */
function middle(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  if (a.length * b.length > MOST_PAIRS) return [...a.map((text): DiffLine => ({ kind: 'removed', text })), ...b.map((text): DiffLine => ({ kind: 'added', text }))];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      lines.push({ kind: 'same', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'removed', text: left });
      i += 1;
    } else if (right !== undefined) {
      lines.push({ kind: 'added', text: right });
      j += 1;
    }
  }
  return lines;
}

/** @param around unchanged lines kept beside each change */
export function foldUnchanged(lines: readonly DiffLine[], around = 3): readonly DiffPart[] {
  const near = new Set<number>();
  for (const [i, { kind }] of lines.entries()) {
    if (kind === 'same') continue;
    for (let k = i - around; k <= i + around; k += 1) near.add(k);
  }
  const parts: DiffPart[] = [];
  let skipped = 0;
  const flush = (): void => {
    if (skipped > 0) parts.push({ kind: 'skipped', count: skipped });
    skipped = 0;
  };
  for (const [i, line] of lines.entries()) {
    if (!near.has(i)) {
      skipped += 1;
      continue;
    }
    flush();
    parts.push(line);
  }
  flush();
  return parts;
}
