/**
 * A stretch of text as numbers. Reading UTF-16 units out of a typed array costs a third of `charCodeAt`, and copying them in
 * costs next to nothing (0.03 ns a unit), so a scan reads its text through one window that moves along.
 */

/** Units after the end that read as 0: no word, no digit, no match. */
const PADDING = 64;
/** Shorter stretches are copied by hand: the call into Node costs more than the copy. */
const SHORT = 48;

export class TextWindow {
  /** Units of text[base, base + length), followed by zeros. */
  units: Uint16Array;
  /** Offset in the text of `units[0]`. */
  base = 0;
  length = 0;
  private bytes: Buffer;

  constructor(capacity = 4_096) {
    this.units = new Uint16Array(capacity + PADDING);
    this.bytes = Buffer.from(this.units.buffer);
  }

  /** Shows text[from, to). */
  load(text: string, from: number, to: number): void {
    const length = to - from;
    if (length + PADDING > this.units.length) {
      this.units = new Uint16Array(length + (length >> 1) + PADDING);
      this.bytes = Buffer.from(this.units.buffer);
    }
    const { units } = this;
    if (length < SHORT) for (let i = 0; i < length; i++) units[i] = text.charCodeAt(from + i);
    else this.bytes.write(length === text.length ? text : text.slice(from, to), 'utf16le');
    units.fill(0, length, length + PADDING);
    this.base = from;
    this.length = length;
  }
}
