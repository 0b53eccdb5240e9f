/** Python counts code points, we count UTF-16 units. */

/** Turns ascending or unordered code point offsets of one text into UTF-16 offsets; offsets past the end become its length. */
export class CodePoints {
  private readonly text: string;
  /** Absent where the text has no surrogate pair: offsets are then the same. */
  private readonly pairs: readonly number[] | undefined;

  constructor(text: string) {
    this.text = text;
    const pairs: number[] = [];
    for (let at = 0; at < text.length - 1; at++) {
      if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
        // The code point offset of the pair: units before it, less one for each pair before it.
        pairs.push(at - pairs.length);
        at++;
      }
    }
    this.pairs = pairs.length === 0 ? undefined : pairs;
  }

  toUtf16(offset: number): number {
    if (this.pairs === undefined) return Math.min(offset, this.text.length);
    let low = 0;
    let high = this.pairs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.pairs[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return Math.min(offset + low, this.text.length);
  }
}
