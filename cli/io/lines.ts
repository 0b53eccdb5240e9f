/**
 * Lines of a byte stream, split at LF only: U+2028, which `node:readline` splits at, may stand inside a JSON string.
 * A line is held in memory whole, however long; joining is linear in its length.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let feed = bytes.indexOf(10); feed !== -1; feed = bytes.indexOf(10, from)) {
      parts.push(bytes.subarray(from, feed));
      yield parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      parts = [];
      from = feed + 1;
    }
    if (from < bytes.length) parts.push(bytes.subarray(from));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}
