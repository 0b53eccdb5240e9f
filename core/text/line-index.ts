/**
 * Where lines start in a text, kept up to date edit by edit. The server's only place that turns LSP positions
 * (UTF-16, LSP 3.17 §Position) into offsets and back: a keystroke costs a shift of line starts, not a walk of the text.
 */
/** Zero-based, characters in UTF-16 units: LSP's own shape. */
export interface Position { line: number; character: number }
export interface Range { start: Position; end: Position }

const CR = 13;
const LF = 10;

/** Reads single UTF-16 units: a string, or a text held in pieces. */
export interface Units { charCodeAt(offset: number): number }

export class LineIndex {
  /** Offset of the first unit of each line; `starts[0]` is 0. Only the first `count` entries count. */
  private starts: Uint32Array;
  private count: number;
  private length: number;

  constructor(text: string) {
    const found = lineStarts(text, 0);
    this.starts = new Uint32Array(found.length + 1 + 64);
    this.starts.set(found, 1);
    this.count = found.length + 1;
    this.length = text.length;
  }

  get lineCount(): number {
    return this.count;
  }

  /** Offset of the line's first unit; past the end: the text's length. */
  lineStart(line: number): number {
    return line < this.count ? this.starts[line]! : this.length;
  }

  /** Offset after the line's last unit, its line break included. */
  lineEnd(line: number): number {
    return line + 1 < this.count ? this.starts[line + 1]! : this.length;
  }

  /** Clamps into the text. A character beyond the line's end counts as the line's end, as LSP asks. */
  offsetAt(position: Position, text: Units): number {
    if (position.line < 0) return 0;
    if (position.line >= this.count) return this.length;
    const start = this.starts[position.line]!;
    const offset = start + Math.max(0, position.character);
    let end = this.lineEnd(position.line);
    if (offset < end - 1) return offset;
    if (position.line + 1 < this.count) {
      if (end > start && text.charCodeAt(end - 1) === LF) end--;
      if (end > start && text.charCodeAt(end - 1) === CR) end--;
    }
    return Math.min(offset, end);
  }

  positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.length));
    const line = this.lineOf(at);
    return { line, character: at - this.starts[line]! };
  }

  rangeOf(start: number, end: number): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  /** Zero-based line that holds the offset. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle]! > offset) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }

  /**
   * Tells the index that `[start, end)` was replaced by `inserted`. `after` is the text after the edit; it is only
   * read where a CR LF pair may have been split or joined.
   */
  replace(start: number, end: number, inserted: string, after: Units): void {
    const delta = inserted.length - (end - start);
    const first = this.lineOf(start) + 1;
    // A line that starts exactly at `end` owes its start to a break before `end`, which is gone.
    const beyond = end > start ? this.lineOf(end) + 1 : first;
    this.splice(first, beyond - first, lineStarts(inserted, start), delta);
    this.length += delta;
    const seam = start + inserted.length;
    const mayJoinOrSplit = beyond > first || inserted.charCodeAt(0) === LF || inserted.charCodeAt(inserted.length - 1) === CR
      || this.isLineStart(start) || this.isLineStart(seam + 1);
    if (mayJoinOrSplit) this.repair(start, seam, after);
  }

  private isLineStart(offset: number): boolean {
    return this.starts[this.lineOf(offset)] === offset;
  }

  /** Replaces `remove` entries from `at` by `added`, and shifts the rest by `delta`. */
  private splice(at: number, remove: number, added: readonly number[], delta: number): void {
    const tail = this.count - at - remove;
    const count = at + added.length + tail;
    if (count > this.starts.length) {
      const grown = new Uint32Array(count + (count >>> 2) + 64);
      grown.set(this.starts.subarray(0, this.count));
      this.starts = grown;
    }
    const from = at + added.length;
    this.starts.copyWithin(from, at + remove, this.count);
    if (delta !== 0) for (let index = from; index < count; index++) this.starts[index]! += delta;
    for (let index = 0; index < added.length; index++) this.starts[at + index] = added[index]!;
    this.count = count;
  }

  /** Re-derives the line starts at the two seams of an edit, where CR and LF may newly touch or no longer touch. */
  private repair(seam: number, end: number, text: Units): void {
    for (const offset of seam === end ? [seam] : [seam, end]) {
      for (const candidate of [offset, offset + 1]) {
        if (candidate <= 0 || candidate > this.length) continue;
        const before = text.charCodeAt(candidate - 1);
        const here = candidate < this.length ? text.charCodeAt(candidate) : -1;
        const shouldStart = before === LF || (before === CR && here !== LF);
        this.setLineStart(candidate, shouldStart);
      }
    }
  }

  private setLineStart(offset: number, wanted: boolean): void {
    const line = this.lineOf(offset);
    const present = this.starts[line] === offset;
    if (present === wanted || offset === 0) return;
    if (wanted) this.splice(line + 1, 0, [offset], 0);
    else this.splice(line, 1, [], 0);
  }
}

/** Starts of the lines after the first, `\n`, `\r\n` and lone `\r` being line breaks; `base` is added to each. */
function lineStarts(text: string, base: number): number[] {
  const starts: number[] = [];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(base + at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === LF || (unit === CR && text.charCodeAt(at + 1) !== LF)) starts.push(base + at + 1);
  }
  return starts;
}
