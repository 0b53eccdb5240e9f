/**
 * Which brackets are open at a place, followed as a scan moves through the text: looking back 1,500 units for each key would
 * read every character hundreds of times.
 */
import { enclosingKeys, keyOfBracket, MAX_DEPTH, PATH_REACH } from './field.ts';

const NO_KEYS: readonly string[] = [];

export class OpenBrackets {
  private readonly text: string;
  /** Text before this offset has been read. */
  private at = 0;
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
    if (offset <= this.last) return enclosingKeys(this.text, offset, 0, false);
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

  private advance(offset: number): void {
    const { text, open, keys } = this;
    let { at } = this;
    if (offset - at > PATH_REACH) {
      // Nothing that far back counts.
      open.length = 0;
      keys.length = 0;
      at = offset - PATH_REACH;
    }
    for (; at < offset; at++) {
      const code = text.charCodeAt(at);
      // [ ] { } are 91, 93, 123 and 125: alike but for one bit each.
      if ((code | 0x26) !== 0x7f) continue;
      if (code === 123 || code === 91) {
        open.push(at);
        keys.push(undefined);
      } else if (code === 125 || code === 93) {
        open.pop();
        keys.pop();
      } else continue;
      this.last = at;
    }
    this.at = Math.max(this.at, at);
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
