/** People in chats and tickets that are written without capitals: `dave lange called`, `my name is natasha higuchi`. */
import type { Gazetteer } from './gazetteer.ts';
import { FAMILY_ENDING } from './name-words.ts';
import { plain, type ProsePerson } from './prose-people.ts';

const TITLED = /(?:^|[^\p{L}])(?:mr|mrs|ms|dr|prof|herr|frau|mme|mlle|sra?|sig)\.? $/u;
const NAMED = /(?:(?:my|his|her|their|[\p{L}]+['’]s) name(?:['’]s| is)?|(?:people )?calls? me|called|named (?:him|her|it)|i am|i['’]m|this is|hi|hello|hey|dear|thanks,|regards,|says|said|told) $/u;
const DEED = /^ (?:said|says|wrote|called|asked|told|replied|shouted|lives|moved|had given|gave|spent|listed|joined|left|is (?:a )?(?:very )?(?:nice|sympathetic|reliable|good|kind|so|\d))\b/;

/** Names in small letters in text[from, to): two known names in a row, or one that is announced. Linear. */
export function smallLetterPeople(text: string, from: number, to: number, names: Gazetteer): readonly ProsePerson[] {
  const people: ProsePerson[] = [];
  for (let at = from; at < to;) {
    const start = nextWord(text, at, to);
    if (start < 0) break;
    const end = wordEnd(text, start);
    at = end;
    if (end - start < 3 || end - start > 20 || isGlued(text, end)) continue;
    const word = text.slice(start, end);
    if (!names.given.has(word) && !names.given.has(plain(word))) continue;
    const person = judge(text, start, end, names);
    if (person) {
      people.push(person);
      at = person.end;
    }
  }
  return people;
}

function judge(text: string, start: number, end: number, names: Gazetteer): ProsePerson | undefined {
  const given = plain(text.slice(start, end));
  if (names.words.has(given)) return undefined;
  const before = text.slice(Math.max(0, start - 24), start);
  const clear = !names.ambiguous.has(given) && given.length >= 4;
  const titled = TITLED.test(before), named = NAMED.test(before) && (clear || /name/.test(before.slice(-12)));
  const next = text.charCodeAt(end) === 32 && isSmall(text.charCodeAt(end + 1)) ? { start: end + 1, end: wordEnd(text, end + 1) } : undefined;
  if (next && next.end - next.start >= 3 && !isGlued(text, next.end)) {
    const family = plain(text.slice(next.start, next.end));
    const free = !names.ambiguous.has(family) && !names.words.has(family);
    const isFamily = free && (names.family.has(family) || names.given.has(family) || (family.length >= 6 && FAMILY_ENDING.test(family)));
    if (isFamily && (clear || titled || named)) return { start, end: next.end, confidence: titled || named ? 0.7 : 0.5, reason: 'a known given name and a family name, in small letters' };
    if (free && clear && (titled || named) && !/^(?:and|with|from|who|that|have|has|will|would|about|here|again|please)$/.test(family)) return { start, end: next.end, confidence: 0.5, reason: 'a known given name is announced' };
  }
  if (clear && (titled || named || DEED.test(text.slice(end, end + 24)))) return { start, end, confidence: 0.45, reason: 'a known given name is announced' };
  return undefined;
}

/** Where a word of small letters begins that nothing is glued to. */
function nextWord(text: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (!isSmall(text.charCodeAt(at))) continue;
    const before = at > 0 ? text.charCodeAt(at - 1) : 32;
    if (before === 32 || before === 10 || before === 34 || before === 40 || before === 9) return at;
    at = wordEnd(text, at);
  }
  return -1;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (isSmall(text.charCodeAt(at)) || (text.charCodeAt(at) === 45 && isSmall(text.charCodeAt(at + 1)))) at++;
  return at;
}

/** A digit, capital, underscore, slash or inner dot follows: it is a piece of an identifier, an address or a path. */
function isGlued(text: string, end: number): boolean {
  const c = text.charCodeAt(end);
  return (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || c === 95 || c === 64 || c === 47 || c === 40 || c === 61 || (c === 46 && isSmall(text.charCodeAt(end + 1)));
}

const isSmall = (c: number): boolean => (c >= 97 && c <= 122) || (c >= 0xdf && c <= 0xff && c !== 0xf7) || (c > 0xff && c < 0x180 && (c & 1) === 1) || (c >= 0x430 && c <= 0x45f);
