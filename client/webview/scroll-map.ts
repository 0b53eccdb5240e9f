/**
 * Maps a scroll position to a first row. Browsers cap an element's height (Chromium near 33,554,400 px, Firefox near
 * 17,895,700), so beyond a cap the scrollable height stays fixed and the position is scaled; wheel and keys still move by rows.
 */
export const heightCap = 10_000_000;

export interface ScrollMap {
  /** Height of the scrollable content in pixels. */
  readonly height: number;
  /** First visible row, fractional, for a `scrollTop` in pixels. */
  rowAt(scrollTop: number): number;
  /** `scrollTop` that shows `row` at the top. */
  topOf(row: number): number;
  readonly scaled: boolean;
}

export function createScrollMap(rows: number, rowHeight: number, viewport: number): ScrollMap {
  const natural = rows * rowHeight;
  if (natural <= heightCap) {
    return { height: natural, rowAt: (top) => top / rowHeight, topOf: (row) => row * rowHeight, scaled: false };
  }
  // The last row is reached exactly at the end of the scroll range.
  const lastTop = Math.max(1, heightCap - viewport);
  const lastRow = Math.max(0, rows - viewport / rowHeight);
  return {
    height: heightCap,
    rowAt: (top) => Math.min(1, Math.max(0, top / lastTop)) * lastRow,
    topOf: (row) => Math.min(1, Math.max(0, row / lastRow)) * lastTop,
    scaled: true,
  };
}
