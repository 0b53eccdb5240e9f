/**
 * Files larger than memory, in pieces. Pieces end at line breaks. A line longer than a piece is cut with an overlap, so that
 * a value of up to `seam / 2` units on the cut is seen whole by one side, and counted by one side only.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { isBinary } from './decode.ts';

/** Bytes from which a file is read in pieces, and the size of a piece. */
export const streamFrom = 32 * 1024 * 1024;
const pieceBytes = 16 * 1024 * 1024;
/** UTF-16 units shared by the two sides of a cut inside a line. */
export const seam = 512;

export interface Piece {
  readonly text: string;
  /** Offset of the piece's first unit in the whole text, in UTF-16 units. */
  readonly base: number;
  /** Findings that end at or before this unit of the piece belong to the piece before. */
  readonly from: number;
  /** Findings that end after this unit belong to the next piece. */
  readonly to: number;
  readonly last: boolean;
}

/** @throws the system's error; yields nothing for a binary file, with `binary` called. */
export function* pieces(path: string, binary: () => void, size = pieceBytes): Generator<Piece> {
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const buffer = Buffer.allocUnsafe(size);
    let carried = '';
    let base = 0;
    let from = 0;
    for (let first = true; ; first = false) {
      const read = readSync(file, buffer, 0, size, null);
      if (first && isBinary(buffer.subarray(0, read))) return binary();
      const text = carried + (read === 0 ? decoder.end() : decoder.write(buffer.subarray(0, read)));
      if (read === 0) {
        if (text.length > 0) yield { text, base, from, to: text.length, last: true };
        return;
      }
      const feed = text.lastIndexOf('\n') + 1;
      const cutInLine = feed <= from && text.length > 2 * seam;
      if (feed <= from && !cutInLine) {
        carried = text;
        continue;
      }
      const end = cutInLine ? text.length : feed;
      const keep = cutInLine ? end - seam : end;
      yield { text: text.slice(0, end), base, from, to: cutInLine ? end - seam / 2 : end, last: false };
      from = cutInLine ? seam / 2 : 0;
      carried = text.slice(keep);
      base += keep;
    }
  } finally {
    closeSync(file);
  }
}
