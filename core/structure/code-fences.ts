/** Code blocks of Markdown (CommonMark 4.5): what stands there is no sentence. */
import type { Stretch } from './decoded.ts';

const MOST_FENCES = 1_000;

/** In text order. A block that never closes ends with the text. */
export function codeFences(text: string): readonly Stretch[] {
  const fences: Stretch[] = [];
  for (let at = nextFence(text, 0); at >= 0 && fences.length < MOST_FENCES;) {
    const close = nextFence(text, at + 3);
    if (close < 0) {
      fences.push({ start: at, end: text.length });
      break;
    }
    fences.push({ start: at, end: close + 3 });
    at = nextFence(text, close + 3);
  }
  return fences;
}

/** Three backticks at a line's begin, blanks aside. */
function nextFence(text: string, from: number): number {
  for (let at = text.indexOf('```', from); at >= 0; at = text.indexOf('```', at + 3)) {
    let before = at - 1;
    while (before >= 0 && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9 || text.charCodeAt(before) === 62)) before--;
    if (before < 0 || text.charCodeAt(before) === 10) return at;
  }
  return -1;
}
