/** What changed between two texts, line by line. Pure. */

export interface DiffLine { readonly kind: 'same' | 'added' | 'removed'; readonly text: string; /** Line of the newer text, from 1; absent for removed ones. */ readonly line?: number; /** UTF-16 offsets of what changed in a line that was rewritten; `end` is exclusive. */ readonly changed?: { readonly start: number; readonly end: number } }
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

/**
 * Where as many lines came as went, the n-th new line is taken for the n-th old one rewritten, and what lies between their common
 * ends is what changed in it. Lines with little in common stay as they are: marking all of them says nothing.
 */
export function markRewritten(lines: readonly DiffLine[]): readonly DiffLine[] {
  const marked = [...lines];
  for (let i = 0; i < lines.length;) {
    let removed = i;
    while (lines[removed]?.kind === 'removed') removed += 1;
    let added = removed;
    while (lines[added]?.kind === 'added') added += 1;
    const count = removed - i;
    if (count > 0 && added - removed === count) {
      for (let k = 0; k < count; k += 1) {
        const [before, after] = [lines[i + k], lines[removed + k]];
        if (before === undefined || after === undefined) continue;
        const [head, tail] = commonEnds(before.text, after.text);
        if ((head + tail) * 2 < Math.max(before.text.length, after.text.length)) continue;
        marked[i + k] = { ...before, changed: { start: head, end: before.text.length - tail } };
        marked[removed + k] = { ...after, changed: { start: head, end: after.text.length - tail } };
      }
    }
    i = Math.max(added, i + 1);
  }
  return marked;
}

/** Lengths of the common beginning and the common end, which do not overlap and split no surrogate pair. */
function commonEnds(a: string, b: string): readonly [head: number, tail: number] {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head += 1;
  if (/[\uD800-\uDBFF]$/.test(a.slice(0, head))) head -= 1;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  if (tail > 0 && /^[\uDC00-\uDFFF]/.test(a.slice(a.length - tail))) tail -= 1;
  return [head, tail];
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
