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
 * re2-wasm copies the whole input across the wasm border on every call (about 1.5 µs plus the copy), so callers hand in
 * short windows and never loop over a document.
 */
export function createRe2(): RegexEngine {
  return {
    compile(pattern, flags): LinearRegex {
      let re: RE2;
      try {
        re = new RE2(pattern, flags.ignoreCase ? 'iug' : 'ug');
      } catch (error) {
        throw new RegexSyntaxError(pattern, re2Message(error));
      }
      return {
        exec(text, from) {
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
        },
      };
    },
  };
}

/** The package's message repeats the pattern before RE2's own words. */
function re2Message(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^Invalid regular expression: .*\/\w*: /s, '');
}
