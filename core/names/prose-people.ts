/**
 * People in running text: capitalised names known from the gazetteer, or announced by a title or a role (`Mr.`, `customer`,
 * `account holder`). Names that are ordinary words, places, products or classes need such an announcement.
 */
import type { Gazetteer } from './gazetteer.ts';

export interface ProsePerson {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** 0..1 */
  readonly confidence: number;
  readonly reason: string;
}

/** A capitalised word without capitals inside, but for O'Neil, McCarthy and Smith-Jones. */
const WORD = /(?<![\p{L}\p{N}_@#/\\.-])(?:\p{Lu}['’]|Mac|Mc)?\p{Lu}[\p{Ll}\p{M}]+(?:['’]\p{Ll}+)?(?:-\p{Lu}[\p{Ll}\p{M}]+)?(?![\p{L}\p{N}_(@])/gu;
const PARTICLE = /^ (?:(?:van|von|zu|zum|zur|de|del|della|delle|der|den|dos|das|da|di|du|la|las|los|le|el|al|bin|ibn|ter|ten|y|e|af|av)(?: (?:la|las|los|der|den|het))? )?(?=\p{Lu})/u;
const INITIAL = /^ \p{Lu}\.?(?= \p{Lu})/u;
const LONGEST = 5;

const TITLE = /(?:^|[^\p{L}])(?:mr|mrs|ms|miss|mx|dr|prof|sir|dame|lady|lord|herrn?|frau|monsieur|madame|mme|mlle|se[ñn]ora?|srta|sra?|don|do[ñn]a|sig|sig\.ra|signora?|dott|dhr|mevr|meneer|mevrouw|pani?|hr|fru)\.? $/iu;
const ROLE = /(?:^|[^\p{L}])(?:customer|client|contact|patient|employee|colleague|user|member|tenant|applicant|candidate|student|teacher|guest|passenger|driver|doctor|nurse|manager|owner|beneficiary|recipient|account holder|card ?holder|policy ?holder|next of kin|my name is|name is|named|called|i am|i'm|this is|signed(?: by)?|sincerely,?|regards,?|dear|hi|hello|hey|attn:?|spoke (?:to|with)|met(?: with)?|from|with|by|and|to|for|kunde|kundin|patientin|mitarbeiter(?:in)?|kontoinhaber(?:in)?|client[ea]|monsieur|titulaire|bonjour|hola|estimad[oa]|caro|cara|klant|klient|ich bin|je m'appelle|me llamo|mi chiamo|ik ben)[ \n] ?$/iu;
/** Roles that by themselves prove nothing: they only count beside a known name. */
const WEAK_ROLE = /(?:from|with|by|and|to|for)[ \n] ?$/iu;
/** What makes a capitalised name something else than a person. */
const OTHER_AFTER = /^(?:['’]s)? ?(?:,? ?(?:inc|ltd|llc|gmbh|ag|kg|plc|corp|co|sa|srl|spa|bv|nv|oy|ab)\b|(?:street|st|road|rd|avenue|ave|lane|drive|boulevard|blvd|square|platz|straße|strasse|university|college|school|hospital|institute|foundation|airport|station|stadium|county|city|valley|river|lake|island|islands|mountain|mountains|park|bridge|church|museum|theater|theatre|hotel|bank|company|group|team|award|prize|act|law|theorem|algorithm|method|effect|syndrome|disease|license|licence|foundation|software|project|framework|library|protocol|service|server|client|account|test|day|model|code|distribution|equation|number|transform|filter|matrix|tree|sort)\b)/iu;
const OTHER_BEFORE = /(?:^|[^\p{L}])(?:the|via|rue|calle|avenida|rua|plaza|piazza|place|square|at|in|near|san|santa|saint|st|mount|port|new|north|south|east|west)\.? $/iu;

/** Words of streets, and endings of them: `Calle Mayor`, `Goethestraße`, `Harley Brook Lane`. */
const STREET = new Set('via viale rue avenue calle avenida camino carrera rua plaza piazza praca place strada ulica aleja street road lane drive avenue boulevard way court close terrace alley square crescent suite apt apartment'.split(' '));
const STREET_ENDING = /(?:strasse|stra[sß]e|straat|laan|plein|plaats|weg|gasse|allee|gatan|vagen|gade|vej|utca|gate|steeg|kade|dreef)$/;
/** Countries and places that gazetteers of names also know. */
const PLACES = new Set('verde rica salvador kenya florida marshall islands africa america georgia jordan israel chad mali cuba malta cyprus monaco andorra granada florence venice milan lima quito bogota caracas havana kingston victoria regina adelaide perth darwin hobart wellington hamilton lourdes assisi nancy lyon tours san diego santiago baby national international'.split(' '));

/** Words that a person's name does not hold: organisations, roles, tests. */
const NO_NAME = new Set('account accounts team test demo admin administrator support inc gmbh ltd llc company corp corporation development sales bot service services user users group default unknown customer client office department marketing finance system server app application project product production staging sandbox guest public private main primary secondary first second third new old sample example dummy anonymous everyone nobody owner manager contact info billing security help desk bank school hospital university hotel shop store studio labs lab media digital global international solutions systems technologies holding holdings partners consulting agency foundation institute association the and of'.split(' '));

export const plain = (word: string): string => word.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();

/** Whether a value under a bare `name` can be a person's: no word of organisations or tests in it, unless the rest is a known name. */
export function looksLikePerson(value: string, names: Gazetteer): boolean {
  const words = plain(value).split(/[\s,.]+/).filter((word) => word.length > 1);
  if (words.some((word) => NO_NAME.has(word))) return false;
  return words.length < 2 || words.some((word) => known(word, names)) || words.every((word) => /^[\p{L}'’-]+$/u.test(word) && !names.ambiguous.has(word));
}

/** People in text[from, to). Linear: each word is looked at once. */
export function prosePeople(text: string, from: number, to: number, names: Gazetteer): readonly ProsePerson[] {
  const people: ProsePerson[] = [];
  const search = new RegExp(WORD.source, WORD.flags);
  search.lastIndex = from;
  for (let word = search.exec(text); word && word.index < to; word = search.exec(text)) {
    const parts = sequence(text, word.index, word[0]);
    const end = parts[parts.length - 1]!.end;
    const person = judge(text, parts, names);
    if (person) people.push(person);
    search.lastIndex = Math.max(end, search.lastIndex);
  }
  return people;
}

interface Part { readonly word: string; readonly start: number; readonly end: number }

/** Capitalised words that follow each other, with particles and initials between them. */
function sequence(text: string, start: number, first: string): readonly Part[] {
  const parts: Part[] = [{ word: plain(first), start, end: start + first.length }];
  const next = new RegExp(WORD.source, 'uy');
  while (parts.length < LONGEST) {
    const at = parts[parts.length - 1]!.end;
    const rest = text.slice(at, at + 24);
    const gap = (INITIAL.exec(rest)?.[0].length ?? -1) + 1 || PARTICLE.exec(rest)?.[0].length;
    if (!gap) break;
    next.lastIndex = at + gap;
    const word = next.exec(text);
    if (!word) break;
    parts.push({ word: plain(word[0]), start: at + gap, end: at + gap + word[0].length });
  }
  return parts;
}

function judge(text: string, all: readonly Part[], names: Gazetteer): ProsePerson | undefined {
  // `Customer Anna Smith`: a capitalised role or greeting is no part of the name.
  let parts = all;
  while (parts.length > 0 && isAnnouncement(text, parts[0]!)) parts = parts.slice(1);
  while (parts.length > 1 && !known(parts[0]!.word, names) && names.ambiguous.has(parts[0]!.word) && known(parts[1]!.word, names)) parts = parts.slice(1);
  const first = parts[0], last = parts[parts.length - 1];
  if (!first || !last) return undefined;
  const before = text.slice(Math.max(0, first.start - 24), first.start);
  const after = text.slice(last.end, last.end + 24);
  if (OTHER_AFTER.test(after) || parts.some((part) => NO_NAME.has(part.word) || STREET.has(part.word) || STREET_ENDING.test(part.word))) return undefined;
  // A house number before or behind: a street.
  if (/\d[\p{L}]?,? (?:(?:rue|via|calle|rua) (?:\p{Ll}+ ){0,2})?$/u.test(before) || /^ \d/.test(after)) return undefined;
  if (parts.some((part) => PLACES.has(part.word)) && !(parts.length > 1 && ROLE.test(before) && !WEAK_ROLE.test(before))) return undefined;
  const found = (confidence: number, reason: string): ProsePerson => ({ start: first.start, end: last.end, confidence, reason });
  if (TITLE.test(before)) return found(0.85, 'a title stands before it');
  const role = ROLE.test(before) && !(WEAK_ROLE.test(before) && !parts.some((part) => known(part.word, names)));
  const knownGiven = names.given.has(first.word), knownFamily = parts.length > 1 && (names.family.has(last.word) || names.given.has(last.word));
  const clearGiven = knownGiven && !names.ambiguous.has(first.word), clearFamily = knownFamily && !names.ambiguous.has(last.word);
  if (parts.length > 1) {
    if (role && (knownGiven || knownFamily)) return found(0.85, 'a role stands before a known name');
    if (OTHER_BEFORE.test(before) && !(clearGiven && clearFamily)) return undefined;
    if (knownGiven && knownFamily && (clearGiven || clearFamily)) return found(0.8, 'a known given name and a known family name');
    if (clearGiven) return found(0.6, 'a known given name begins it');
    return role && !WEAK_ROLE.test(before) && parts.length <= 4 ? found(0.55, 'a role stands before it') : undefined;
  }
  if (OTHER_BEFORE.test(before)) return undefined;
  if (clearGiven && role) return found(0.6, 'a role or greeting stands before a known given name');
  return clearGiven && (/[\p{Ll},;:"“(]\s?$/u.test(before) || SUBJECT.test(after)) ? found(0.45, 'a known given name in a sentence') : undefined;
}

/** What a person does at the beginning of a sentence. */
const SUBJECT = /^ (?:is|was|has|had|said|says|called|calls|wrote|writes|lives|lived|works|worked|moved|asked|asks|wants|wanted|went|needs|will|would|told|replied|confirmed|and (?:his|her|their|i))\b/u;

const known = (word: string, names: Gazetteer): boolean => names.given.has(word) || names.family.has(word);

const ANNOUNCEMENT = new Set('customer client contact patient employee colleague user member tenant applicant candidate student teacher guest passenger driver doctor manager owner recipient dear hi hello hey mr mrs ms miss dr prof herr frau monsieur madame sir regards sincerely thanks cheers from with signed kunde kundin klant cliente titulaire bonjour hola caro cara'.split(' '));

function isAnnouncement(text: string, part: Part): boolean {
  return ANNOUNCEMENT.has(part.word) && /^[ ,.:]/.test(text.slice(part.end, part.end + 1));
}
