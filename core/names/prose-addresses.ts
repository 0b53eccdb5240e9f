/**
 * Postal addresses in running text: a street with its number, in the orders that countries write them, and what belongs to
 * it: unit, postcode and town, also over several lines. Candidates begin at a digit or at a street's word; nothing else is read.
 */

export interface ProseAddress {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** 0..1 */
  readonly confidence: number;
  readonly reason: string;
}

const W = String.raw`(?:\p{Lu}[\p{L}\p{M}'’.-]*|\d{1,3}(?:st|nd|rd|th))`;
const SMALL = String.raw`(?:de|del|de la|de las|de los|du|des|d['’]|la|le|les|l['’]|el|della|delle|dei|degli|di|da|do|dos|das|van|van de|van den|van der|von|von der|der|den|dem|of|the|and|am|an der|im|zum|zur|en|y|e|ii|iii)`;
const NAME = String.raw`${W}(?:[ -](?:${SMALL} )*(?:${SMALL}(?<=['’]))?${W}){0,3}`;
const NUMBER = String.raw`\d{1,5}(?:[-/–]\d{1,4})?(?: ?(?:bis|ter|quater)\b| ?[A-Za-z](?![\p{L}\p{N}]))?`;

/** `742 Evergreen Terrace`, `221B Baker Street`, `55 St Marys Rd`. */
const ENGLISH_TYPE = 'street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|way|court|ct|place|pl|terrace|ter|close|crescent|cres|square|sq|parkway|pkwy|highway|hwy|circle|cir|trail|trl|alley|row|mews|gardens|gdns|grove|hill|walk|quay|parade|esplanade|loop|plaza|pike|turnpike|broadway|creek|crossing|green|rise|vale|view|ridge|run|pass|path|heights|hts|cove|point|bend|glen|park|wharf|embankment';
const ENGLISH = new RegExp(String.raw`^${NUMBER} (?:(?:North|South|East|West|N|S|E|W|NE|NW|SE|SW)\.? )?(?:${W}[ ]){1,4}?(?:(?:${ENGLISH_TYPE})\b\.?|(?:AVENUE|STREET|ROAD|LANE|DRIVE|COURT|WAY)\b)(?: (?:North|South|East|West|N|S|E|W|NE|NW|SE|SW)\b\.?)?`, 'iu');
/** `12 rue de la Paix`, `5, avenue Victor Hugo`. */
const FRENCH = new RegExp(String.raw`^${NUMBER},? (?:${anyCase('rue|avenue|av\\.|boulevard|bd|bld|place|allée|allee|chemin|impasse|quai|route|cours|square|passage|sentier|faubourg|esplanade|montée|villa|ruelle')})\.? (?:${SMALL} ?){0,3}${NAME}`, 'u');
/** `Calle Mayor 5`, `Via Roma, 12`, `Rua Augusta 1500`, `ul. Długa 7/4`, `Avenida Paulista, nº 1578`. */
const BEFORE_WORD = anyCase(String.raw`calle|c\/|avenida|avda\.?|avd\.?|av\.|paseo|plaza|pza\.?|camino|carrera|carretera|ronda|travesía|via|viale|v\.le|piazza|p\.zza|piazzale|corso|vicolo|largo|strada|contrada|rua|travessa|praça|alameda|estrada|ulica|ul\.|aleja|al\.|aleje|plac|pl\.|os\.|osiedle|rue|avenue|boulevard|chemin|allée|place|quai|ulice|třída|náměstí|trg|cesta|bulevar|bulevardul|str\.|calea|улица|ул\.|проспект|пр\.|просп\.|переулок|οδός|λεωφόρος|λεωφ\.|jalan|jl\.|calçada|avinguda|carrer|passeig`);
const TYPE_FIRST = new RegExp(String.raw`^(?:${BEFORE_WORD}) (?:${SMALL} )*(?:${SMALL}(?<=['’]))?${NAME}(?:,? (?:[Nn][°ºo.]{1,2} ?|[Nn]r\.? ?|[Nn]o\.? ?|[Nn]um\.? ?|д\. ?)?|,? )${NUMBER}`, 'u');
/** `Hauptstraße 12`, `Lange Straße 5a`, `Keizersgracht 123`, `Kungsgatan 4`, `Petőfi utca 3.`, `Mannerheimintie 5`. */
const ENDING = String.raw`(?:stra(?:ß|ss)e|str\.|weg|allee|platz|gasse|ring|damm|ufer|steig|stieg|chaussee|promenade|graben|markt|straat|laan|plein|gracht|kade|dijk|singel|hof|dreef|steeg|gatan|vägen|gränd|torget|gata|vegen|veien|veg|vei|gate|gaten|vej|gade|allé|stræde|torv|katu|tie|kuja|polku|utca|útja|út|tér|körút)`;
/** Street words that stand by themselves behind the street's name. */
const ALONE = String.raw`Stra(?:ß|ss)e|Str\.|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer|Markt|Straat|Laan|Plein|utca|útja|út|tér|körút|u\.|gata|gate|vei|veg`;
const TYPE_LAST = new RegExp(String.raw`^(?:${ALONE}|\p{Lu}[\p{L}\p{M}-]{1,30}${ENDING}) ?${NUMBER}\.?`, 'u');
const PO_BOX = /^(?:P\.? ?O\.? ?Box|Post Office Box|Postfach|Postbus|Casella Postale|Apartado(?: de Correos)?|Apdo\.?|Boîte Postale|B\.?P\.?|Caixa Postal|Skrytka Pocztowa|Postboks|Box|GPO Box|Private Bag|PSC|Unit) \d{1,6}(?:,? Box \d{1,6})?(?![\p{L}\p{N}])/iu;

const UNIT = String.raw`(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|Bldg|Building|Appartement|Appt|Etage|Wohnung|Whg|Piso|Puerta|Pta|Int|Interno|Scala|Lot|m\.|lok\.|кв\.|#)(?:\.? ?#?\d[\p{L}\p{N}-]{0,5}|(?:\. ?| )\p{L}(?:-?\d{1,4})?)`;
const SEPARATOR = String.raw`(?:,? |,? ?\r?\n[ \t>]*|, ?)`;
const UNIT_AFTER = new RegExp(String.raw`^${SEPARATOR}(?:${UNIT}|\d{1,2}(?:st|nd|rd|th|º|°|ª)(?: floor| piso)?(?: [A-Z](?![\p{L}]))?)(?![\p{L}\p{N}])`, 'iu');
const TOWN = String.raw`\p{Lu}[\p{L}\p{M}'’.-]+(?:[ -](?:(?:am|an der|a\. d\.|ob der|im|in|sur|sous|de|del|la|le|les|lès|di|da|do|upon|on|the|of|y|e|aan den|aan de) )*\p{Lu}[\p{L}\p{M}'’.-]+){0,3}`;
/** `Springfield, IL 62704`, `London SW1A 1AA`, `Toronto, ON M5V 2T6`, `Sydney NSW 2000`. */
const TOWN_CODE = new RegExp(String.raw`^${SEPARATOR}(?:${TOWN},?${SEPARATOR})?(?:[A-Z]{2,3} \d{4,5}(?:-\d{4})?|\p{Lu}[\p{Ll}]+(?: \p{Lu}[\p{Ll}]+)? \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|(?:[A-Z]{2} )?[A-Z]\d[A-Z] ?\d[A-Z]\d)(?![\p{L}\p{N}])`, 'u');
/** `10115 Berlin`, `75002 Paris`, `1234 AB Amsterdam`, `00-950 Warszawa`, `1000-205 Lisboa`, `D-80331 München`, `114 55 Stockholm`. */
const CODE_TOWN = new RegExp(String.raw`^${SEPARATOR}(?:[A-Z]{1,3}-)?(?:\d{5}-\d{3}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2}|\d{4,6})${SEPARATOR}${TOWN}(?: \([A-Z]{2}\))?`, 'u');
const TOWN_ONLY = new RegExp(String.raw`^, ?${TOWN}(?:, ?${TOWN})?`, 'u');

/** Each word with a small or a capital first letter, so that the names behind them can be told by their capitals. */
function anyCase(words: string): string {
  return words.split('|').map((word) => `[${word[0]!.toUpperCase()}${word[0]}]${word.slice(1)}`).join('|');
}

/** Longest stretch that one candidate is read in. */
const REACH = 160;
/** A capitalised word that ends like a street, or a word that begins one. */
const STREET_WORD = new RegExp(String.raw`(?<![\p{L}\p{N}_@/#.-])(?:(?:${BEFORE_WORD}) (?=\p{L}|\d)|P\.? ?O\.? ?Box |Postfach |Postbus |Casella Postale |Apartado |Caixa Postal |Postboks |PSC |GPO Box |Unit (?=\d+,? Box ))|(?<![\p{L}\p{N}_@/#.])(?:\p{Lu}[\p{L}\p{M}-]{1,30}${ENDING}|${ALONE})(?= ?\d)`, 'gu');
const HOUSE_NUMBER = /(?<![\p{L}\p{N}_.,:/#$€£%-])\d{1,5}(?:[-/–]\d{1,4})?[A-Za-z]?,? (?=\p{L})/gu;

/** `52 Stubben 149`, `350 Fifth`: an address only with a unit or a postcode behind it. */
const NUMBERED = new RegExp(String.raw`^${NUMBER},? ${NAME}(?:,? ${NUMBER})?`, 'u');
/** `Unter den Linden 77, 10117 Berlin`: a name with a number before a postcode and a town is a street, whatever it is called. */
const BEFORE_CODE = new RegExp(String.raw`(?<![\p{L}\p{N}_.'’-])${NAME} ${NUMBER}(?=(?:, ?|,? ?\r?\n[ \t>]*)(?:[A-Z]{1,3}-)?(?:\d{5}|\d{4}(?: ?[A-Z]{2})?|\d{2}-\d{3}|\d{3} \d{2}|\d{4}-\d{3}) ${TOWN})`, 'gu');
const NO_STREET = /^(?:Copyright|Version|Chapter|Section|Page|Figure|Table|Part|Volume|Issue|Ticket|Order|Step|Note|RFC|ISO|Article|Line|Year|Since|Port|January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Am|On|In) /;
/** After these words stands an address. */
const LED_IN = /(?:\b(?:address(?:es)?(?: is| are| with| to| on file is|:)+|lives? at|living at|located at|ship(?:ped|ping)? (?:it )?to|delivered to|deliver (?:it |them )?to|resid(?:es|ing|ed) at|office is at|meet me at|taxi to)|(?<!\p{L})(?:adresse(?: ist| lautet|:)|wohnhaft(?: in)?:?|wohnt (?:in|am)(?: der)?|anschrift:?|domicilio:?|indirizzo:?|dirección:?|habite (?:au)?|vive en|abita in|morada:?|adres:?|woont op)) {1,2}/giu;
const LED = new RegExp(String.raw`^(?:${NUMBER},? ${NAME}(?:,? ${NUMBER})?|(?:(?:Am|An der|Im|In der|Zum|Zur|Auf der|Unter den) )?${NAME},? ${NUMBER})(?![\p{L}\p{N}])`, 'u');

/** Addresses in text[from, to). Linear: each candidate is read in a short window. */
export function proseAddresses(text: string, from: number, to: number): readonly ProseAddress[] {
  const found: ProseAddress[] = [];
  const add = (start: number, length: number, reason: string): void => {
    const end = start + length;
    const whole = extended(text, end);
    found.push({ start, end: whole.end, confidence: whole.end > end ? 0.85 : 0.6, reason: whole.end > end ? `${reason}, with ${whole.what}` : reason });
  };
  const numbers = new RegExp(HOUSE_NUMBER.source, HOUSE_NUMBER.flags);
  numbers.lastIndex = from;
  for (let match = numbers.exec(text); match && match.index < to; match = numbers.exec(text)) {
    const window = text.slice(match.index, match.index + REACH);
    const street = ENGLISH.exec(window) ?? FRENCH.exec(window);
    if (street && isStreet(street[0])) {
      // `3 Easy Way`: words of other things, too, unless a postcode or a town follows.
      if (!WEAK_TYPE.test(street[0]) || extended(text, match.index + trimmedLength(street[0])).what !== '') add(match.index, trimmedLength(street[0]), 'a house number and a street');
      numbers.lastIndex = match.index + street[0].length;
      continue;
    }
    const numbered = NUMBERED.exec(window);
    const after = numbered && text.slice(match.index + numbered[0].length, match.index + numbered[0].length + REACH);
    if (numbered && after && (UNIT_AFTER.test(after) || TOWN_CODE.test(after) && /^,? ?\r?\n|^, /.test(after))) {
      add(match.index, numbered[0].length, 'a number and a name');
      numbers.lastIndex = match.index + numbered[0].length;
    }
  }
  const led = new RegExp(LED_IN.source, LED_IN.flags);
  led.lastIndex = from;
  for (let match = led.exec(text); match && match.index < to; match = led.exec(text)) {
    const start = match.index + match[0].length;
    const street = LED.exec(text.slice(start, start + REACH));
    if (street) add(start, trimmedLength(street[0]), 'the words before it announce an address');
  }
  const coded = new RegExp(BEFORE_CODE.source, BEFORE_CODE.flags);
  coded.lastIndex = from;
  for (let match = coded.exec(text); match && match.index < to; match = coded.exec(text)) if (!NO_STREET.test(match[0])) add(match.index, match[0].length, 'a name and a number');
  const words = new RegExp(STREET_WORD.source, STREET_WORD.flags);
  words.lastIndex = from;
  for (let match = words.exec(text); match && match.index < to; match = words.exec(text)) {
    const start = match.index;
    const window = text.slice(start, start + REACH);
    const street = TYPE_FIRST.exec(window) ?? TYPE_LAST.exec(window) ?? PO_BOX.exec(window);
    if (street && !(/^PSC|^Box|^Unit/i.test(street[0]) && !street[0].includes('Box'))) {
      const begin = beginOf(text, start, street[0]);
      // `via Node 18` in English: the small word needs a postcode behind it.
      if (begin < 0 || (/^via /.test(street[0]) && extended(text, start + street[0].length).what === '')) continue;
      add(begin, start - begin + street[0].length, PO_BOX.test(window) ? 'a post office box' : 'a street and a house number');
      words.lastIndex = Math.max(words.lastIndex, start + street[0].length);
    }
  }
  return withoutOverlaps(found);
}

const WEAK_TYPE = / (?:way|run|pass|path|view|point|place|row|park|hill|green|loop|walk|bend|close|court|pike|creek|crossing|square|ridge|rise|trail|cove|glen|vale|heights)$/i;

/** The one that begins first stays: it holds the other's number. */
function withoutOverlaps(found: ProseAddress[]): readonly ProseAddress[] {
  let end = -1;
  return found.sort((a, b) => a.start - b.start || b.end - a.end).filter((address) => {
    if (address.start < end) return false;
    end = address.end;
    return true;
  });
}

/** Street types that are words of other things too need a name of their own before them: no `3 Easy Way`, `10 May Run`. */
function isStreet(street: string): boolean {
  const words = street.split(' ');
  const type = words[words.length - 1]!.replace(/\.$/, '').toLowerCase();
  if (/^(?:rue|avenue|av|boulevard|bd|place|quai|route|cours)$/i.test(words[1] ?? '')) return true;
  const before = words.slice(1, -1);
  if (before.length === 0) return false;
  if (/^(?:run|pass|path|view|point|way|place|pl|row|park|hill|green|loop|walk|bend|close|court|ct|ter|pike|creek|crossing|square|sq|st|dr|av|cir|ridge|rise|trail)$/.test(type) && !before.every((word) => /^\p{Lu}|^\d/u.test(word))) return false;
  return before.every((word) => /^[\p{Lu}\d]/u.test(word)) || (/^(?:street|avenue|road|lane|drive|boulevard|terrace)$/.test(type) && before.length <= 2 && before.every((word) => !/^(?:the|a|of|per|in|to|and|or|on|this|that|for|is|are)$/i.test(word)));
}

const IS_ALONE = new RegExp(`^(?:${ALONE}) ?\\d`, 'u');

/** `Am Alten Markt 3`, `Lange Straße 5`: a street's word alone needs capitalised words before it on the same line; -1 when there are none. */
function beginOf(text: string, start: number, street: string): number {
  if (!IS_ALONE.test(street)) return start;
  const before = /(?:(?:Am|An der|Im|In der|Zum|Zur|Auf der|Unter den) )?(?:\p{Lu}[\p{L}-]+ ){1,3}$/u.exec(text.slice(Math.max(0, start - 40), start));
  return before ? start - before[0].length : -1;
}

interface Extended { readonly end: number; readonly what: string }

/** Unit, postcode and town behind the street. */
function extended(text: string, from: number): Extended {
  let end = from;
  let what = '';
  const take = (match: RegExpExecArray | null, name: string): boolean => {
    if (!match) return false;
    end += trimmedLength(match[0]);
    what = name;
    return true;
  };
  const rest = (): string => text.slice(end, end + REACH);
  take(UNIT_AFTER.exec(rest()), 'a unit');
  if (!take(TOWN_CODE.exec(rest()), 'a postcode and a town') && !take(CODE_TOWN.exec(rest()), 'a postcode and a town')) {
    const town = TOWN_ONLY.exec(rest());
    if (town && /^(?:[.,;!?)\n]|$| (?:last|next|on|in|and|for|please|by|at)\b)/.test(text.slice(end + town[0].length))) take(town, 'a town');
  }
  return { end, what };
}

const trimmedLength = (value: string): number => value.replace(/[\s,.;:]+$/, (tail) => (tail.startsWith('.') && /\b(?:st|ave|rd|ln|dr|blvd|ct|pl|sq|u)\.$/i.test(value) ? '.' : '')).length;
