/**
 * Which brackets are open at a place, followed as a scan moves through the text: looking back 1,500 units for each key would
 * read every character hundreds of times.
 */
import { keyOfBracket, MAX_DEPTH, PATH_REACH } from './field.ts';

const NO_KEYS: readonly string[] = [];

export class OpenBrackets {
  private readonly text: string;
  private readonly brackets = /[[\]{}]/g;
  /** Text before this offset has been read. */
  private at = 0;
  /** The first bracket that has not been read. */
  private next = -1;
  /** Where the last bracket stands that has been read. */
  private last = -1;
  /** Offsets of the brackets that are open, outermost first, and the keys before them as far as they were asked for. */
  private readonly open: number[] = [];
  private readonly keys: (string | null | undefined)[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Keys that enclose `offset`, outermost first: what `enclosingKeys` finds by looking back. */
  keysAround(offset: number): readonly string[] {
    // Asked for a place before the last bracket: what was open there is forgotten.
    if (offset <= this.last) this.restart(Math.max(0, offset - PATH_REACH));
    if (this.next < 0) this.seek(0);
    this.advance(offset);
    const low = Math.max(0, offset - PATH_REACH);
    let path: string[] | undefined;
    for (let i = this.open.length - 1; i >= 0 && this.open[i]! >= low; i--) {
      const key = this.keyAt(i);
      if (key === null) continue;
      path ??= [];
      path.unshift(key);
      if (path.length === MAX_DEPTH) break;
    }
    return path ?? NO_KEYS;
  }

  private restart(from: number): void {
    this.open.length = 0;
    this.keys.length = 0;
    this.at = from;
    this.last = this.next = -1;
    this.seek(from);
  }

  private advance(offset: number): void {
    const { text, open, keys } = this;
    // Nothing that far back counts.
    if (offset - this.at > PATH_REACH) this.restart(offset - PATH_REACH);
    while (this.next < offset) {
      this.last = this.next;
      const code = text.charCodeAt(this.next);
      if (code === 123 || code === 91) {
        open.push(this.next);
        keys.push(undefined);
      } else {
        open.pop();
        keys.pop();
      }
      this.seek(this.next + 1);
    }
    this.at = offset;
  }

  /** Finds the next bracket at or after `from`. An expression reads a text three times as fast as a loop over its characters. */
  private seek(from: number): void {
    if (this.next >= from) return;
    this.brackets.lastIndex = from;
    this.next = this.brackets.test(this.text) ? this.brackets.lastIndex - 1 : Infinity;
  }

  private keyAt(index: number): string | null {
    let key = this.keys[index];
    if (key === undefined) {
      const bracket = this.open[index]!;
      key = keyOfBracket(this.text, bracket, Math.max(0, bracket - PATH_REACH)) ?? null;
      this.keys[index] = key;
    }
    return key;
  }
}
