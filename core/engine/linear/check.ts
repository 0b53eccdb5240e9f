/** Whether a pattern is sound, without paying RE2 for what the automaton reads itself. */
import type { RegexEngine } from '../detector.ts';
import { parseRegex, UnsupportedSyntax } from './syntax.ts';

/**
 * What is wrong with the pattern, or undefined. Patterns with large Unicode classes and repetitions fit the automaton but not
 * RE2's heap in wasm, so RE2 is only asked about the others.
 */
export function regexProblem(pattern: string, ignoreCase: boolean, engine: RegexEngine): string | undefined {
  try {
    parseRegex(pattern, ignoreCase);
    return undefined;
  } catch (error) {
    if (!(error instanceof UnsupportedSyntax)) throw error;
  }
  try {
    engine.compile(pattern, { ignoreCase });
    return undefined;
  } catch (error) {
    return `not RE2 syntax: ${error instanceof Error ? error.message : String(error)}`;
  }
}
