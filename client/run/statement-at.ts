/** Which statement a cursor means. Offsets are UTF-16 units. */
export function statementAt<S extends { readonly start: number; readonly end: number }>(statements: readonly S[], offset: number, text: string): S | undefined {
  const inside = statements.find(({ start, end }) => start <= offset && offset <= end);
  if (inside !== undefined) return inside;
  // Behind the semicolon, or on the rest of its line, the statement just left is meant.
  const before = statements.findLast(({ end }) => end < offset);
  if (before !== undefined && !text.slice(before.end, offset).includes('\n')) return before;
  return statements.find(({ start }) => start > offset) ?? before;
}
