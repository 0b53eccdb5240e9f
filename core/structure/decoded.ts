/** A text as it reads after decoding, and where each part of it stands in the document that it was taken from. */

/** A stretch of a document, UTF-16 offsets. */
export interface Stretch { readonly start: number; readonly end: number }

/** Puts a decoded text together from pieces of the document, in order. */
export class DecodedText {
  private readonly source: string;
  private readonly parts: string[] = [];
  /** By run: where it begins in the decoded text, where its source begins and ends. A run of equal lengths is copied, any other is one code. */
  private readonly at: number[] = [];
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private length = 0;

  constructor(source: string) {
    this.source = source;
  }

  /** The source's own text in [from, to). */
  copy(from: number, to: number): this {
    return from < to ? this.write(this.source.slice(from, to), from, to) : this;
  }

  /** What the source's [from, to) means. */
  write(text: string, from: number, to: number): this {
    if (text === '') return this;
    this.at.push(this.length);
    this.from.push(from);
    this.to.push(to);
    this.parts.push(text);
    this.length += text.length;
    return this;
  }

  get text(): string {
    return this.parts.join('');
  }

  /**
   * Where [start, end) of the decoded text stands in the document: one stretch, or several when something that is no part
   * of the value stands in between (the margin of a diff, the end of one string of a notebook and the begin of the next).
   */
  stretches(start: number, end: number): readonly Stretch[] {
    const found: { start: number; end: number }[] = [];
    for (let run = this.runAt(start); run < this.at.length && this.at[run]! < end; run++) {
      const begin = this.at[run]!, length = (this.at[run + 1] ?? this.length) - begin;
      const from = this.from[run]!, to = this.to[run]!;
      const copied = to - from === length;
      const low = copied ? from + Math.max(0, start - begin) : from;
      const high = copied ? from + Math.min(length, end - begin) : to;
      const last = found.at(-1);
      if (last && last.end === low) last.end = high;
      else found.push({ start: low, end: high });
    }
    return found;
  }

  private runAt(offset: number): number {
    let low = 0, high = this.at.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.at[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
