/** RE2 as the RegexEngine: patterns written by users can't hang the editor. Syntax: https://github.com/google/re2/wiki/Syntax */
import { RE2 } from 're2-wasm';
import type { LinearRegex, RegexEngine } from './detector.ts';

/** A pattern that RE2 refuses. `message` is RE2's own. */
export class RegexSyntaxError extends Error {
  readonly pattern: string;
  constructor(pattern: string, message: string) {
    super(message);
    this.name = 'RegexSyntaxError';
    this.pattern = pattern;
  }
}

/**
 * re2-wasm has a fixed heap of 16 MB that never grows, one pattern may take half of it (RE2's max_mem of 8 MB), nothing is
 * freed unless `delete` is called, and running out aborts the whole module. So only one pattern is alive at a time; callers
 * go pattern by pattern. Each call copies its whole input across the wasm border (about 1.5 µs and the copy), so they hand
 * in short pieces and never loop over a document.
 */
export function createRe2(): RegexEngine {
  let alive: { readonly key: string; readonly re: RE2 } | undefined;
  const activate = (pattern: string, ignoreCase: boolean): RE2 => {
    const key = `${ignoreCase ? 'i' : ' '}${pattern}`;
    if (alive?.key === key) return alive.re;
    if (alive) free(alive.re);
    alive = undefined;
    try {
      alive = { key, re: new RE2(pattern, ignoreCase ? 'iug' : 'ug') };
    } catch (error) {
      throw new RegexSyntaxError(pattern, re2Message(error));
    }
    return alive.re;
  };
  return {
    compile(pattern, { ignoreCase }): LinearRegex {
      activate(pattern, ignoreCase);
      return { exec: (text, from) => firstMatch(activate(pattern, ignoreCase), text, from) };
    },
  };
}

function firstMatch(re: RE2, text: string, from: number): ReturnType<LinearRegex['exec']> {
  re.lastIndex = from;
  const match = re.exec(text);
  if (!match || match.index === undefined) return undefined;
  const start = match.index, end = start + (match[0]?.length ?? 0);
  const groups: (readonly [number, number])[] = [];
  let cursor = start;
  for (let i = 1; i < match.length; i++) {
    // re2-wasm gives a group's text but not its place; groups are looked up left to right inside the match.
    const group = match[i];
    const at = group ? text.indexOf(group, cursor) : -1;
    groups.push(group && at >= 0 && at + group.length <= end ? [at, at + group.length] : [-1, -1]);
    if (at >= 0) cursor = at;
  }
  return { start, end, groups };
}

/** The wrapper object lives on the wasm heap; the package's types don't show it. */
function free(re: RE2): void {
  const { wrapper } = re as unknown as { readonly wrapper?: { delete?(): void } };
  wrapper?.delete?.();
}

/** The package's message repeats the pattern before RE2's own words; an abort brings a whole stack. */
function re2Message(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('OOM')) return 'the pattern needs more memory than RE2 has here';
  return message.replace(/^Invalid regular expression: .*\/\w*: /s, '').split('\n')[0] ?? '';
}
