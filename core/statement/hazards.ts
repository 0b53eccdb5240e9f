/**
 * Texts in which a parser and a database may read different things, or that a parser must not be given. Each one
 * makes the statement ask; none of them is needed in honest SQL, except where the detail says what to write instead.
 */
import type { Dialect, Opaque } from '../wire/statement.ts';
import type { Catalogue } from './catalogue.ts';
import type { Token } from './lexer.ts';
import { isSensitiveMark } from './split.ts';

/** More tokens than anybody writes; parsers recurse over them. */
const maxTokens = 20_000;
const maxDepth = 200;

export interface Hazards {
  readonly opaque: readonly Opaque[];
  /** False when the text must not be parsed at all. */
  readonly parsable: boolean;
  /** `INTO OUTFILE`, `INTO DUMPFILE`: the generic parser does not know them. */
  readonly exports: boolean;
}

export function findHazards(text: string, dialect: Dialect, tokens: readonly Token[], catalogue: Catalogue): Hazards {
  const opaque: Opaque[] = [];
  const add = (what: Opaque['what'], detail: string): void => { opaque.push({ what, detail }); };
  if (text.includes('\0')) add('nul-byte', '');
  if (tokens.length > maxTokens) add('too-large', `more than ${maxTokens} tokens`);
  const mysql = dialect === 'mysql' || dialect === 'mariadb';
  let depth = 0;
  let deepest = 0;
  let gap = 0;
  let exports = false;
  let previous = '';
  for (const token of tokens) {
    const written = text.slice(token.start, token.end);
    if (oddSpace.test(text.slice(gap, token.start))) add('ambiguous', 'white space that is not ASCII outside strings');
    gap = token.end;
    if (token.unterminated) add('ambiguous', 'a string, name or comment that does not end');
    if (token.executable) add('dynamic-sql', 'a comment that the database runs (/*! … */)');
    if (token.kind === 'comment') {
      if (isSensitiveMark(written)) add('ambiguous', 'marked @sensitive');
      if (mysql && /^\/\*\+/.test(written) && /set_var/i.test(written)) add('ambiguous', 'an optimizer hint that sets a variable');
      if (dialect !== 'postgresql' && written.startsWith('/*') && written.indexOf('/*', 2) > 0) add('ambiguous', 'a comment inside a comment');
    } else if (token.kind === 'string') {
      // Whether a backslash escapes the quote depends on the session (NO_BACKSLASH_ESCAPES, standard_conforming_strings).
      const escaping = mysql || (dialect === 'postgresql' && written.startsWith("'"));
      if (escaping && /\\(?:['"\\]|$)/.test(written.slice(1))) add('ambiguous', 'a backslash before a quote in a string; double the quote instead');
      if (mysql && written.startsWith('"') && namesSomething(written.slice(1, -1), catalogue)) {
        add('ambiguous', 'double quotes around a name: a string or a column, depending on sql_mode');
      }
    } else if (token.kind === 'word') {
      if (oddWord.test(written)) add('ambiguous', 'white space that is not ASCII outside strings');
      if (mysql && previous === 'into' && /^(?:outfile|dumpfile)$/i.test(written)) exports = true;
      if (/^case$/i.test(written)) depth += 1;
      else if (/^end$/i.test(written)) depth -= 1;
    } else if (written === '(') depth += 1;
    else if (written === ')') depth -= 1;
    if (token.kind !== 'comment') previous = written.toLowerCase();
    deepest = Math.max(deepest, depth);
  }
  if (exports) add('file-access', 'INTO OUTFILE or DUMPFILE');
  if (deepest > maxDepth) add('too-large', `nested more than ${maxDepth} deep`);
  return { opaque, parsable: !opaque.some((o) => o.what === 'too-large' || o.what === 'nul-byte'), exports };
}

const oddSpace = /[^\x09-\x0d\x20]/;
const oddWord = /[\p{Z}\p{C}]/u;

function namesSomething(content: string, catalogue: Catalogue): boolean {
  const wanted = content.toLowerCase();
  return catalogue.tables().some((table) => table.name.toLowerCase() === wanted || table.columns.some((column) => column.name.toLowerCase() === wanted));
}
