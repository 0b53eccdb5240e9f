/** People as directories, calendars and mails write them: vCard (RFC 6350), iCalendar (RFC 5545), LDIF (RFC 2849), mail headers (RFC 5322). */
import { lineEnd } from './csv.ts';
import { namedValue, type Table } from './table.ts';

export type Card = 'vcard' | 'ldif' | 'mail';

/** What a property means in words that the rules know. Components are separated by semicolons. */
const VCARD: ReadonlyMap<string, readonly string[]> = new Map([
  ['FN', ['full name']], ['N', ['last name', 'first name', 'middle name']], ['NICKNAME', ['nickname']], ['BDAY', ['date of birth']],
  ['ADR', ['', 'address line 2', 'street address', 'city', 'state', 'postal code', 'country']], ['TEL', ['phone']], ['EMAIL', ['email']],
]);
const LDIF: ReadonlyMap<string, string> = new Map([
  ['cn', 'full name'], ['sn', 'last name'], ['givenname', 'first name'], ['displayname', 'full name'], ['gecos', 'full name'], ['mail', 'email'], ['telephonenumber', 'phone'], ['mobile', 'phone'], ['homephone', 'phone'],
  ['street', 'street address'], ['postaladdress', 'street address'], ['homepostaladdress', 'street address'], ['postalcode', 'postal code'], ['l', 'city'],
]);
const MAIL_PEOPLE = new Set(['from', 'to', 'cc', 'bcc', 'sender', 'reply-to', 'resent-from', 'resent-to', 'delivered-to', 'disposition-notification-to']);
const LONGEST_LINE = 4_000;

/** Values with the names that the rules know. Linear. */
export function contactCards(text: string, card: Card): Table[] {
  const found: Table[] = [];
  for (let line = 0; line < text.length;) {
    const end = Math.min(lineEnd(text, line), line + LONGEST_LINE);
    if (card === 'mail' && end === line) break;
    const colon = text.indexOf(':', line);
    if (colon > line && colon < end) readLine(text, line, colon, end, card, found);
    line = text.indexOf('\n', end) + 1 || text.length;
  }
  return found;
}

function readLine(text: string, line: number, colon: number, end: number, card: Card, found: Table[]): void {
  const key = text.slice(line, colon);
  if (card === 'ldif') {
    const name = LDIF.get(key.replace(/;.*$/, '').toLowerCase());
    if (name !== undefined) add(text, name, colon + 1, end, found);
  } else if (card === 'mail') {
    if (MAIL_PEOPLE.has(key.toLowerCase())) displayNames(text, colon + 1, end, found);
  } else vcardLine(text, line, colon, end, found);
}

function vcardLine(text: string, line: number, colon: number, end: number, found: Table[]): void {
  const semicolon = text.indexOf(';', line);
  const property = text.slice(line, semicolon >= 0 && semicolon < colon ? semicolon : colon).toUpperCase().replace(/^.*\./, '');
  if (property === 'ATTENDEE' || property === 'ORGANIZER') {
    // A quoted name may hold a colon.
    const name = /;CN=(?:"([^"]{1,200})"|([^";:]{1,200}))/i.exec(text.slice(line, end));
    const value = name?.[1] ?? name?.[2];
    if (name && value !== undefined) {
      const start = line + name.index + name[0].indexOf(value, 4);
      found.push(namedValue('full name', start, start + value.length));
    }
    return;
  }
  const components = VCARD.get(property);
  if (!components) return;
  let at = colon + 1;
  for (const component of components) {
    const stop = text.indexOf(';', at);
    const to = components.length > 1 && stop >= 0 && stop < end ? stop : end;
    if (component !== '') add(text, component, at, to, found);
    at = to + 1;
    if (at > end) break;
  }
}

/** `Anna Meyer <anna@…>, "Okafor, Jan" <jan@…>`: the names. */
function displayNames(text: string, from: number, to: number, found: Table[]): void {
  for (const one of text.slice(from, to).matchAll(/(?:"([^"<>]{2,100})"|([^"<>,;:@]{2,100}?))\s*<[^<>]{3,254}>/g)) {
    const value = (one[1] ?? one[2] ?? '').trim();
    const start = from + one.index + one[0].indexOf(value);
    if (value !== '') found.push(namedValue('full name', start, start + value.length));
  }
}

function add(text: string, name: string, from: number, to: number, found: Table[]): void {
  let start = from, end = to;
  while (start < end && (text.charCodeAt(start) <= 32 || text.charCodeAt(start) === 58)) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  // `tel:` and `mailto:` URIs.
  const scheme = /^(?:tel|mailto):/i.exec(text.slice(start, start + 8));
  if (scheme) start += scheme[0].length;
  if (end > start) found.push(namedValue(name, start, end));
}
