/** Patterns that only RE2 can read run over each line, capped, one pattern after the other: RE2 holds one at a time. */
import { isDigit, isWord } from './chars.ts';
import type { CompiledPattern, CompiledRules } from './compile.ts';
import type { LinearRegex } from './detector.ts';
import type { Hit } from './hit.ts';
import type { Judge } from './judge.ts';

/** A line longer than this is cut. */
const LINE_CAP = 4_000;

/** Adds hits of lines in text[from, to). */
export function scanLines(compiled: CompiledRules, text: string, judge: Judge, from: number, to: number, hits: Hit[]): void {
  for (const pattern of compiled.linePatterns) {
    for (let lineStart = from; lineStart < to;) {
      const found = text.indexOf('\n', lineStart);
      const lineStop = found < 0 || found > to ? to : found;
      for (let piece = lineStart; piece < lineStop; piece += LINE_CAP) scanLine(compiled, pattern, text, text.slice(piece, Math.min(lineStop, piece + LINE_CAP)), piece, judge, hits);
      lineStart = lineStop + 1;
    }
  }
}

function scanLine(compiled: CompiledRules, pattern: CompiledPattern, text: string, line: string, offset: number, judge: Judge, hits: Hit[]): void {
  const regex = pattern.regex();
  if (!regex) return;
  for (let at = 0; at <= line.length;) {
    const match = tryExec(compiled, regex, pattern, line, at);
    if (!match) return;
    const start = offset + match.start, end = offset + match.end;
    if (end > start && startsClean(text, start, pattern.boundary) && endsClean(text, end, pattern.boundary)) {
      const outcome = judge.judge(pattern, start, end);
      if (typeof outcome === 'object') hits.push(outcome);
    }
    at = match.end > at ? match.end : at + 1;
  }
}

/** RE2 may run out of its memory on a pattern; that is reported as a skipped rule, never as a clean text. */
function tryExec(compiled: CompiledRules, regex: LinearRegex, pattern: CompiledPattern, line: string, at: number): ReturnType<LinearRegex['exec']> {
  try {
    return regex.exec(line, at);
  } catch (error) {
    compiled.skip(pattern.rule.rule.id, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function startsClean(text: string, at: number, boundary: 'word' | 'digit' | 'none'): boolean {
  if (at === 0 || boundary === 'none') return true;
  const before = text.charCodeAt(at - 1);
  return boundary === 'word' ? !isWord(before) : !isDigit(before);
}

function endsClean(text: string, at: number, boundary: 'word' | 'digit' | 'none'): boolean {
  if (at >= text.length || boundary === 'none') return true;
  const after = text.charCodeAt(at);
  return boundary === 'word' ? !isWord(after) : !isDigit(after);
}
