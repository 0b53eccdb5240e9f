/** The files inside a diff (git's unified format): each hunk is read in its file's own language, without the margin. */
import { DecodedText } from './decoded.ts';
import { languageOfFile } from '../rewrite/language-syntax.ts';
import type { Region } from './region.ts';

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(?: (.*))?$/;
const LONGEST_LINE = 4_000;

const PLUS = 43, MINUS = 45, SPACE = 32, BACKSLASH = 92;

/** Two regions a hunk: the file as it became, and the lines that went. Hunks that name no file are left alone. */
export function diffHunks(text: string): readonly Region[] {
  const regions: Region[] = [];
  let filename: string | undefined;
  for (let line = 0; line < text.length;) {
    const end = endOfLine(text, line);
    const c = text.charCodeAt(line);
    if (c === PLUS && text.startsWith('+++ ', line)) filename = nameIn(text.slice(line + 4, Math.min(end, line + LONGEST_LINE))) ?? filename;
    else if (c === MINUS && text.startsWith('--- ', line)) filename = nameIn(text.slice(line + 4, Math.min(end, line + LONGEST_LINE)));
    const head = c === 64 && filename !== undefined ? HUNK.exec(text.slice(line, Math.min(end, line + LONGEST_LINE)).replace(/\r$/, '')) : null;
    if (head && filename !== undefined) line = readHunk(text, end, head, filename, regions);
    else line = end + 1;
  }
  return regions;
}

function readHunk(text: string, headEnd: number, head: RegExpExecArray, filename: string, regions: Region[]): number {
  let oldLines = Number(head[2] ?? 1), newLines = Number(head[4] ?? 1);
  const now = new DecodedText(text), before = new DecodedText(text);
  // git repeats the last line above that begins with a letter: a table's header, a function, a section.
  const heading = head[5] ?? '';
  const hasHeader = Number(head[1]) <= 1 || Number(head[3]) <= 1;
  if (heading !== '' && !hasHeader) {
    const at = headEnd - heading.length - (text.charCodeAt(headEnd - 1) === 13 ? 1 : 0);
    for (const side of [now, before]) side.copy(at, at + heading.length).write('\n', at + heading.length, at + heading.length);
  }
  let removed = false;
  const bodyStart = Math.min(headEnd + 1, text.length);
  let line = bodyStart;
  while (line < text.length && (oldLines > 0 || newLines > 0)) {
    const end = Math.min(endOfLine(text, line) + 1, text.length);
    const margin = text.charCodeAt(line);
    if (margin === PLUS) {
      now.copy(line + 1, end);
      newLines--;
    } else if (margin === MINUS) {
      before.copy(line + 1, end);
      oldLines--;
      removed = true;
    } else if (margin === SPACE || end - line <= 2) {
      // Editors strip the blank that an empty line begins with.
      const from = margin === SPACE ? line + 1 : line;
      now.copy(from, end);
      before.copy(from, end);
      oldLines--;
      newLines--;
    } else if (margin !== BACKSLASH) break;
    line = end;
  }
  if (line === bodyStart) return headEnd + 1;
  const languageId = languageOfFile(filename);
  const kind = languageId === undefined ? { filename } : { filename, languageId };
  const shared = { start: bodyStart, end: line, kind, field: undefined, writing: 'embedded' as const, headless: heading === '' && !hasHeader };
  regions.push({ ...shared, content: now, counts: (offset) => offset >= bodyStart });
  if (removed) regions.push({ ...shared, content: before, counts: (offset) => offset >= bodyStart && text.charCodeAt(text.lastIndexOf('\n', offset) + 1) === MINUS });
  return line;
}

/** `b/data/users.csv`, quoted where git quotes; undefined for /dev/null. */
function nameIn(written: string): string | undefined {
  const name = written.replace(/[\t\r].*$/s, '').replace(/^"(.*)"$/, '$1').replace(/^[abciow]\//, '');
  return name === '/dev/null' || name === '' ? undefined : name;
}

function endOfLine(text: string, from: number): number {
  const found = text.indexOf('\n', from);
  return found < 0 ? text.length : found;
}
