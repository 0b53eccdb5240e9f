/** A document in passages of bounded length, cut where sentences seldom cross: empty lines, then lines, then blanks. */

export interface Passage {
  readonly text: string;
  /** UTF-16 offset in the document. */
  readonly start: number;
}

/** Passages without letters are left out: there is nothing to read in them. `max` in UTF-16 units. */
export function passages(text: string, max: number): readonly Passage[] {
  const found: Passage[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + max);
    if (end < text.length) {
      const window = text.slice(start, end);
      const cut = [window.lastIndexOf('\n\n') + 2, window.lastIndexOf('\n') + 1, window.lastIndexOf(' ') + 1].find((at) => at > max / 2);
      // Never between the halves of a surrogate pair.
      end = cut === undefined ? ((text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end) : start + cut;
    }
    const passage = text.slice(start, end);
    if (/\p{L}/u.test(passage)) found.push({ text: passage, start });
    start = end;
  }
  return found;
}
