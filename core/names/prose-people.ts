/**
 * People in running text: capitalised names known from the gazetteer, or announced by a title or a role (`Mr.`, `customer`,
 * `account holder`). Names that are ordinary words, places, products or classes need such an announcement.
 */
import type { Gazetteer } from './gazetteer.ts';
import { ANNOUNCEMENT, DATES, FAMILY_ENDING, NAMING, NO_NAME, OTHER_AFTER, OTHER_BEFORE, PLACES, ROLE, STREET, STREET_ENDING, SUBJECT, TITLE, WEAK_ROLE } from './name-words.ts';

export interface ProsePerson {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** 0..1 */
  readonly confidence: number;
  readonly reason: string;
}

/** A capitalised word without capitals inside, but for O'Neil, McCarthy, DeRose and Smith-Jones. */
const WORD = /(?<![\p{L}\p{N}_@#/\\.`-])(?:\p{Lu}['’]|Mac|Mc|De|Di|La|Le|Van|Von|Fitz|al-|Al-)?\p{Lu}[\p{Ll}\p{M}]+(?:['’]\p{Ll}{3,})?(?:-\p{L}[\p{Ll}\p{M}]+)?(?![\p{L}\p{N}_(@`])/gu;
const PARTICLE = /^ (?:(?:van|von|zu|zum|zur|de|del|della|delle|der|den|dos|das|da|di|du|la|las|los|le|el|al|bin|bint|ibn|abu|ter|ten|y|e|af|av|ben)(?: (?:la|las|los|der|den|het|dem))? )?(?=\p{Lu}|d['’]\p{Lu}|al-\p{Lu})/u;
const INITIAL = /^ (?:\p{Lu}\.? ?){1,2}(?= ?\p{Lu}\p{Ll})/u;
const FIRST_INITIAL = /(?<![\p{L}\p{N}_.])(?:\p{Lu}\. ?){1,2}$/u;
const SUFFIX = /^,? (?:Jr\.?|Sr\.?|II|III|IV)(?![\p{L}\p{N}])/u;
const LONGEST = 5;

export const plain = (word: string): string => word.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();

/** Whether a value under a bare `name` can be a person's: no word of organisations or tests in it, unless the rest is a known name. */
export function looksLikePerson(value: string, names: Gazetteer): boolean {
  const words = plain(value).split(/[\s,.]+/).filter((word) => word.length > 1);
  if (words.some((word) => NO_NAME.has(word))) return false;
  return words.length < 2 || words.some((word) => known(word, names)) || words.every((word) => /^[\p{L}'’-]+$/u.test(word) && !names.ambiguous.has(word));
}

interface Part { readonly word: string; readonly start: number; readonly end: number }

/** People in text[from, to). Linear: each word is looked at once. */
export function prosePeople(text: string, from: number, to: number, names: Gazetteer): readonly ProsePerson[] {
  const people: ProsePerson[] = [];
  const search = new RegExp(WORD.source, WORD.flags);
  search.lastIndex = from;
  let row: Part[] = [];
  const closeRow = (): void => {
    addRow(text, row, names, people);
    row = [];
  };
  for (let word = search.exec(text); word && word.index < to; word = search.exec(text)) {
    const parts = sequence(text, word.index, word[0]);
    const end = parts[parts.length - 1]!.end;
    search.lastIndex = Math.max(end, search.lastIndex);
    const last = row[row.length - 1];
    if (last && !/^(?:, |,? (?:and|und|et|y|e|en|i|or|&) )$/.test(text.slice(last.end, parts[0]!.start))) closeRow();
    if (parts.length === 1) row.push(parts[0]!);
    else if (row.length > 0) closeRow();
    const person = judge(text, parts, names);
    if (person) people.push(isAttribution(text, person) ? { ...person, confidence: ATTRIBUTED, reason: `${person.reason}; an author, named in public` } : person);
  }
  closeRow();
  return people.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** Authors, maintainers and contributors put their names there themselves: below the default threshold. */
const ATTRIBUTED = 0.3;

function isAttribution(text: string, { start, end }: ProsePerson): boolean {
  const window = text.slice(Math.max(0, start - 120), start);
  const before = window.slice(window.lastIndexOf('\n') + 1), after = text.slice(end, end + 40);
  return /(?:copyright|©|&copy;|\(c\) |\bauthors?\b|maintain(?:er|ed)|contribut|created by|written by|developed by|designed by|sponsor(?:s|ed)\b|^\s*#*\s*credits?:?\s|@author|signed-off-by|co-authored-by|reviewed-by|alt="$|<b>$)/i.test(before) || /^(?:['’]s)?(?:\]\s?[([]|\]\(|\*\*,? \(?\[?@|\*\*(?:$|\n)| \(?\[?@|\s?\[?<https?:|\s+\|\s*\[|__\]|\* *$|\*\n|,? \(?https?:)/.test(after);
}

/** `Angelo, Melissa, Brandon and Mary`: three or more words in a row, most of them names, are people all. Also `Okafor, Jan`. */
function addRow(text: string, row: readonly Part[], names: Gazetteer, people: ProsePerson[]): void {
  if (row.length === 2 && isLastFirst(text, row, names)) {
    while (people.length > 0 && people[people.length - 1]!.start >= row[0]!.start) people.pop();
    people.push({ start: row[0]!.start, end: row[1]!.end, confidence: 0.7, reason: 'a known family name before a known given name' });
    return;
  }
  const last = row[row.length - 1];
  if (!last || row.length > 60 || (row.length < 3 && !(row.length === 2 && PLURAL.test(text.slice(last.end, last.end + 12))))) return;
  const isName = (part: Part): boolean => (known(part.word, names) || endsLikeFamily(part.word)) && !PLACES.has(part.word);
  const clear = row.filter((part) => isName(part) && !names.ambiguous.has(part.word));
  if (clear.length < Math.min(2, row.length - 1) || row.filter(isName).length * 3 < row.length * 2) return;
  const found = new Set(people.slice(-row.length).map((person) => person.start));
  for (const part of row) if (!names.words.has(part.word) && !PLACES.has(part.word) && !found.has(part.start)) people.push({ start: part.start, end: part.end, confidence: 0.55, reason: 'it stands in a row of names' });
}

const PLURAL = /^ (?:were|are|have|had|said|met|live|lived|work|worked|both|agreed)\b/;

function isLastFirst(text: string, [last, first]: readonly Part[], names: Gazetteer): boolean {
  return last !== undefined && first !== undefined && text.slice(last.end, first.start) === ', ' && (names.family.has(last.word) || endsLikeFamily(last.word)) && names.given.has(first.word) && !names.ambiguous.has(first.word) && !names.ambiguous.has(last.word)
    && !PLACES.has(last.word) && /(?:^|[\n;:("])\s*(?:[-*•] )?$/.test(text.slice(Math.max(0, last.start - 6), last.start)) && /^(?: \p{Lu}\.?)?\s*(?:$|[\n;)("]|\s[-–(<])/u.test(text.slice(first.end, first.end + 6));
}

/** Capitalised words that follow each other, with particles and initials between them. */
function sequence(text: string, start: number, first: string): readonly Part[] {
  const before = FIRST_INITIAL.exec(text.slice(Math.max(0, start - 6), start));
  const parts: Part[] = [{ word: plain(first), start: before ? start - before[0].length : start, end: start + first.length }];
  const next = new RegExp(WORD.source, 'uy');
  while (parts.length < LONGEST) {
    const at = parts[parts.length - 1]!.end;
    const rest = text.slice(at, at + 24);
    const gap = INITIAL.exec(rest)?.[0].trimEnd().length ?? PARTICLE.exec(rest)?.[0].length;
    if (!gap) break;
    const from = at + gap + (text.charCodeAt(at + gap) === 32 ? 1 : 0);
    // `d'Angelo` and `al-Rashid` begin small.
    const prefix = /^(?:d['’]|al-)/.exec(text.slice(from, from + 3))?.[0].length ?? 0;
    next.lastIndex = from + prefix;
    const word = prefix > 0 ? /^\p{Lu}[\p{Ll}\p{M}]+/u.exec(text.slice(from + prefix, from + prefix + 30)) : next.exec(text);
    if (!word || /^[JS]r$/.test(word[0])) break;
    parts.push({ word: plain(word[0]), start: from, end: from + prefix + word[0].length });
  }
  return parts;
}

function judge(text: string, all: readonly Part[], names: Gazetteer): ProsePerson | undefined {
  const parts = nameOf(text, all, names);
  const first = parts[0], last = parts[parts.length - 1];
  if (!first || !last) return undefined;
  const before = text.slice(Math.max(0, first.start - 28), first.start);
  const after = text.slice(last.end, last.end + 24);
  if (OTHER_AFTER.test(after) || parts.some((part) => NO_NAME.has(part.word) || STREET.has(part.word) || STREET_ENDING.test(part.word))) return undefined;
  // A house number before or behind: a street.
  if (/\d[\p{L}]?,? (?:(?:rue|via|calle|rua|ul\.?) (?:\p{Ll}+ ){0,2})?$/u.test(before) || /^ \d/.test(after)) return undefined;
  const announced = ROLE.test(before), strong = announced && !WEAK_ROLE.test(before);
  if (parts.some((part) => PLACES.has(part.word)) && !(parts.length > 1 && strong)) return undefined;
  const suffix = SUFFIX.exec(after);
  const found = (confidence: number, reason: string): ProsePerson => ({ start: first.start, end: last.end + (suffix && parts.length > 1 ? suffix[0].length : 0), confidence, reason });
  if (TITLE.test(before) && !names.words.has(first.word)) return found(0.85, 'a title stands before it');
  if (NAMING.test(before) && !names.words.has(first.word)) return found(0.8, 'the words before it say that it is a name');
  if (parts.length === 1 && first.end - first.start > first.word.length + 1) return known(first.word, names) && !names.words.has(first.word) ? found(0.55, 'initials stand before a known name') : undefined;
  return parts.length > 1 ? fullName(parts, names, { strong, announced, other: OTHER_BEFORE.test(before), after }, found) : singleName(text, first, names, { strong, announced, before, after }, found);
}

/** The words of the sequence that can belong to a name: roles, greetings and ordinary words around it are left out. */
function nameOf(text: string, all: readonly Part[], names: Gazetteer): readonly Part[] {
  let parts = all;
  while (parts.length > 0 && ANNOUNCEMENT.has(parts[0]!.word) && /^[ ,.:]/.test(text.slice(parts[0]!.end, parts[0]!.end + 1))) parts = parts.slice(1);
  while (parts.length > 1 && !known(parts[0]!.word, names) && (names.words.has(parts[0]!.word) || clearGiven(parts[1]!.word, names))) parts = parts.slice(1);
  while (parts.length > 1 && names.ambiguous.has(parts[0]!.word) && !names.given.has(parts[0]!.word) && known(parts[1]!.word, names)) parts = parts.slice(1);
  while (parts.length > 1 && STREET.has(parts[parts.length - 1]!.word)) parts = parts.slice(0, -1);
  while (parts.length > 1 && names.words.has(parts[parts.length - 1]!.word) && !endsLikeFamily(parts[parts.length - 1]!.word)) parts = parts.slice(0, -1);
  return parts;
}

interface Around { readonly strong: boolean; readonly announced: boolean; readonly other: boolean; readonly after: string }
type Found = (confidence: number, reason: string) => ProsePerson;

function fullName(parts: readonly Part[], names: Gazetteer, { strong, announced, other, after }: Around, found: Found): ProsePerson | undefined {
  const first = parts[0]!.word, last = parts[parts.length - 1]!.word;
  const given = names.given.has(first), clear = clearGiven(first, names);
  const family = names.family.has(last) || names.given.has(last) || endsLikeFamily(last);
  const clearFamily = family && !names.ambiguous.has(last);
  if (announced && (strong || clear) && (given || clearFamily)) return found(0.85, 'a role stands before a known name');
  if (clear && clearFamily) return found(0.8, 'a known given name and a known family name');
  if (other && !clear) return undefined;
  if (given && family && (clear || clearFamily)) return found(clear ? 0.75 : 0.6, 'a known given name and a known family name');
  if (clear) return found(other ? 0.45 : 0.6, 'a known given name begins it');
  if (given && !names.words.has(last) && !names.ambiguous.has(last) && parts.length === 2 && (announced || SUBJECT.test(after))) return found(0.5, 'a given name begins it and somebody does something');
  if (endsLikeFamily(last) && !names.words.has(first) && !names.ambiguous.has(first) && (announced || clearFamily && names.family.has(last))) return found(0.5, 'a family name ends it');
  return strong && parts.length <= 4 && !names.words.has(first) && !names.ambiguous.has(first) ? found(0.55, 'a role stands before it') : undefined;
}

function singleName(text: string, part: Part, names: Gazetteer, { strong, announced, before, after }: { readonly strong: boolean; readonly announced: boolean; readonly before: string; readonly after: string }, found: Found): ProsePerson | undefined {
  if (part.word.length < 3 || OTHER_BEFORE.test(before) || (DATES.has(part.word) && (!strong || /^\.?,? \d/.test(after)))) return undefined;
  const clear = clearGiven(part.word, names);
  if (clear && strong) return found(0.7, 'a role or greeting stands before a known given name');
  if (clear && announced) return found(0.6, 'a role or greeting stands before a known given name');
  if (clear && SUBJECT.test(after)) return found(0.6, 'a known given name does something');
  // A chat: `Anna: are you there?`
  if (clear && /^: ?\S/.test(after) && /(?:^|\n|[\]>] ?)$/.test(before)) return found(0.45, 'a known given name begins a line of talk');
  if ((names.family.has(part.word) || endsLikeFamily(part.word)) && !names.ambiguous.has(part.word) && !names.words.has(part.word) && (SPEECH_BEFORE.test(before) || SPEECH_AFTER.test(after))) return found(0.5, 'a known family name with a person’s deed');
  if (names.given.has(part.word) && (strong || /^ (?:said|says|wrote|writes|shouted|asked|replied|lives|called me)\b/.test(after)) && !names.words.has(part.word)) return found(0.5, 'a given name with a person’s role or deed');
  // In a sentence, not in a heading or a list of topics.
  if (!clear || startsHeading(text, part.start)) return undefined;
  if (/[\p{L},;:"“(]\s?$/u.test(before)) return found(0.45, 'a known given name in a sentence');
  return /(?:^|[.!?"“]\s|\n)$/.test(before) && /^(?:[,!?] | \p{Ll}{2,}(?: |[.,]))/u.test(after) ? found(0.45, 'a known given name begins a sentence') : undefined;
}

const SPEECH_BEFORE = /(?:says|said|asked|told|starring|featuring|directed by|written by|performed by|composed by|painted by|sung by|married|met|thanked|interviewed|called) $/;
const SPEECH_AFTER = /^ (?:said|says|wrote|writes|shouted|asked|replied|explained|told|argued|claimed|insisted|admitted|added)\b/;
const startsHeading = (text: string, at: number): boolean => /[#*>|-] ?$/.test(text.slice(Math.max(0, at - 3), at));

const known = (word: string, names: Gazetteer): boolean => names.given.has(word) || names.family.has(word) || givenByParts(word, names);
const clearGiven = (word: string, names: Gazetteer): boolean => (names.given.has(word) || givenByParts(word, names)) && !names.ambiguous.has(word);
/** `Amy-Leigh`, `Jean-Luc`; no `Server-Side`. */
function givenByParts(word: string, names: Gazetteer): boolean {
  const hyphen = word.indexOf('-');
  if (hyphen < 0) return false;
  const first = word.slice(0, hyphen), second = word.slice(hyphen + 1);
  return names.given.has(first) && names.given.has(second) && !names.ambiguous.has(first) && !names.words.has(second);
}
const endsLikeFamily = (word: string): boolean => word.length >= 6 && FAMILY_ENDING.test(word.replace(/^.*-/, ''));
