/** Numbers with their noun: "1 file", "2 files". Both sentences are whole, so that they can be translated. */
export function count(number: number, one: string, many: (shown: string) => string): string {
  return number === 1 ? one : many(number.toLocaleString());
}
