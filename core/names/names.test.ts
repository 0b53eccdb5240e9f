import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readGazetteer } from './gazetteer.ts';
import { splitIdentifier } from './identifier.ts';
import { labelTest } from './label.ts';
import { NameIndex } from './name-index.ts';
import { nameAmong } from './people.ts';
import { proseAddresses } from './prose-addresses.ts';
import { looksLikePerson, prosePeople } from './prose-people.ts';
import { smallLetterPeople } from './small-letters.ts';

const gazetteer = readGazetteer();

test('identifiers are split into words', () => {
  const cases: readonly [string, string[]][] = [
    ['customerSSNNumber2', ['customer', 'ssn', 'number', '2']], ['first_name', ['first', 'name']], ['Prénom', ['prenom']], ['X-Client-IP', ['x', 'client', 'ip']], ['', []], ['имяКлиента', ['имя', 'клиента']],
  ];
  for (const [name, words] of cases) assert.deepEqual(splitIdentifier(name), words);
});

test('a value that names its field is a label', () => {
  const isLabel = labelTest(['first name', 'vorname', 'prenom']);
  const labels = ['First name', 'firstName', 'Your first name:', 'Vorname *', 'Prénom', 'Enter your first name…'];
  const people = ['Anna', 'Vornamen-Meier', 'First', 'Name', 'Jean First'];
  assert.deepEqual(['Address line 1', '31 Station Street', 'Street'].map(labelTest(['street', 'address line 1'])), [true, false, true]);
  assert.deepEqual([labels.filter((value) => !isLabel(value)), people.filter(isLabel)], [[], []]);
});

test('a phrase means a name only at its end', () => {
  const index = new NameIndex();
  index.add(0, ['ssn', 'social security number']);
  index.add(1, ['first name']);
  const rules = (name: string) => index.match(name).map((match) => match.rule);
  for (const name of ['ssn', 'SSN', 'customer_ssn', 'ssnNumber', 'ssn_2', 'ssns', 'socialSecurityNumber', 'social-security-no']) assert.deepEqual(rules(name), name === 'social-security-no' ? [] : [0], name);
  for (const name of ['firstname', 'FirstName', 'user.first_name']) assert.deepEqual(rules(name), [1], name);
  for (const name of ['ssn_count', 'session', 'first_name_required', 'lessn']) assert.deepEqual(rules(name), [], name);
});

test('a bare name takes its meaning from what encloses it', () => {
  for (const path of [['customers'], ['main', 'customers'], ['employee'], ['data', 'patient_list', 'patients']]) assert.equal(nameAmong('name', path), 'full name', path.join());
  for (const path of [[], ['products'], ['files'], ['customer_orders']]) assert.equal(nameAmong('name', path), 'name', path.join());
  assert.equal(nameAmong('file_name', ['customers']), 'file_name');
});

test('organisations and tests are no people', () => {
  for (const value of ['Development Account', 'Second Account', 'Sales Team', 'Acme GmbH', 'Test User', 'Admin']) assert.equal(looksLikePerson(value, gazetteer), false, value);
  for (const value of ['Roy Harber', 'María del Carmen Ruiz', 'Anna', 'Nguyễn Văn An']) assert.equal(looksLikePerson(value, gazetteer), true, value);
});

const people: readonly (readonly [string, readonly string[]])[] = [
  ['Customer Roy Harber called again.', ['Roy Harber']],
  ['Mr. Luiza Mikulski moved to Via Roma 114.', ['Luiza Mikulski']],
  ['Please wire it to the account holder Élisabeth Meunier.', ['Élisabeth Meunier']],
  ['Frau Müller und Herr Schmidt', ['Müller', 'Schmidt']],
  ['It is under my partner’s name Donald van der Voet', ['Donald van der Voet']],
  ['We asked Jennifer about it', ['Jennifer']],
  ['The HttpClient of GraceWindow and WillPowerService', []],
  ['In May the Rose Garden opened; Will it Mark the Grace period?', []],
  ['She moved to 60 Willow Road and then to Costa Rica.', []],
  ['Johnson & Johnson Inc and the Smith Foundation', []],
  ['class UserRepository extends BaseRepository, JohnService', []],
  ['Lorem Ipsum dolor. NotFoundException. Visual Studio Code', []],
  ['The Fourier Transform and the Kalman Filter on Amazon Web Services', []],
  ['Maybe it is under Andrew Cavalcanti.', ['Andrew Cavalcanti']],
  ['Producer Michael Hansen explained to Fuse: fine.', ['Michael Hansen']],
  ['They had six: Angelo, Melissa, Brandon, Matthew and Mary.', ['Angelo', 'Melissa', 'Brandon', 'Matthew', 'Mary']],
  ['Niklas spent a year in Lund.', ['Niklas']],
  ['her maiden name is Cortés', ['Cortés']],
  ['my name is natasha higuchi', ['natasha higuchi']],
  ['my boss is called david rossi, ok', ['david rossi']],
  ['Attendees:\n- Lindqvist, Thomas\n- Kowalska, Anna\n', ['Lindqvist, Thomas', 'Kowalska, Anna']],
  ['Best regards,\nAnna-Lena van den Berg', ['Anna-Lena van den Berg']],
  ['Keith Bult Jr. and J. R. Hartley met.', ['Keith Bult Jr.', 'J. R. Hartley']],
  ['Иван Иванов позвонил вчера.', ['Иван Иванов']],
  ['Anna: are you there?\nJonas: yes', ['Anna', 'Jonas']],
  ['We heard Elizabeth Mitchell’s Cautionary Tales.', ['Elizabeth Mitchell']],
  ['Copyright (c) 2019 Isaac Schlueter and Contributors', []],
  ['MIT © [Sindre Sorhus](https://example.org)', []],
  ['Signed-off-by: Linus Unnebäck <x>', []],
  ['smaller libraries miss. Chalk is mature', []],
  ['the signature cookie hash does not match; one call will bump the version', []],
  ['On Tue, March 3 the Go Authors met Docker and Jenkins in Austin, Texas.', []],
];
for (const [text, expected] of people) test(`people in: ${text}`, () => assert.deepEqual([...prosePeople(text, 0, text.length, gazetteer), ...smallLetterPeople(text, 0, text.length, gazetteer)].filter((person) => person.confidence >= 0.4).map((person) => text.slice(person.start, person.end)), expected));

const addresses: readonly (readonly [string, readonly string[]])[] = [
  ['He lives at 742 Evergreen Terrace, Springfield, IL 62704 now.', ['742 Evergreen Terrace, Springfield, IL 62704']],
  ['Hauptstraße 12, 10115 Berlin', ['Hauptstraße 12, 10115 Berlin']],
  ['Lange Straße 5a in Ulm', ['Lange Straße 5a']],
  ['Unter den Linden 77, 10117 Berlin', ['Unter den Linden 77, 10117 Berlin']],
  ['She moved to 12 rue de la Paix, 75002 Paris.', ['12 rue de la Paix, 75002 Paris']],
  ['Calle Mayor 5, 28013 Madrid', ['Calle Mayor 5, 28013 Madrid']],
  ['Via Roma 12, 20121 Milano (MI)', ['Via Roma 12, 20121 Milano (MI)']],
  ['Rua Augusta, 1500', ['Rua Augusta, 1500']],
  ['Keizersgracht 123, 1015 CJ Amsterdam', ['Keizersgracht 123, 1015 CJ Amsterdam']],
  ['ul. Długa 7/4, 00-950 Warszawa', ['ul. Długa 7/4, 00-950 Warszawa']],
  ['Kungsgatan 4, 111 43 Stockholm', ['Kungsgatan 4, 111 43 Stockholm']],
  ['221B Baker Street, London NW1 6XE', ['221B Baker Street, London NW1 6XE']],
  ['100 King Street West, Suite 200, Toronto, ON M5V 2T6', ['100 King Street West, Suite 200, Toronto, ON M5V 2T6']],
  ['12 George St, Sydney NSW 2000', ['12 George St, Sydney NSW 2000']],
  ['P.O. Box 1234, Denver, CO 80201', ['P.O. Box 1234, Denver, CO 80201']],
  ['Ship to:\n1 Infinite Loop\nCupertino, CA 95014\n', ['1 Infinite Loop\nCupertino, CA 95014']],
  ['The office is at 18 Zona Estação 75, Rogers.', ['18 Zona Estação 75, Rogers']],
  ['wait 3 more run way; see the top 5 Places; Section 3 Drive letters; Route 66; Schritt 3 Weg 2', []],
  ['via port 8080, via Node 18, via HTTP 2, in Python via pip 3', []],
  ['Copyright 2009,2010 The Go Authors\nCopyright 2011 The Go Authors', []],
  ['It has 4 Points and step 5 Run tests passed on March 12, 2024 Monday', []],
];
for (const [text, expected] of addresses) test(`addresses in: ${text}`, () => assert.deepEqual(proseAddresses(text, 0, text.length).map((address) => text.slice(address.start, address.end)), expected));

test('never throws and stays within the text', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('Anna ', 'Smith ', 'Mr. ', 'van der ', 'J. ', '\n', 'O’Neil ', 'Main Street ', '12 ', 'Via Roma ', ', 10115 Berlin', 'mr. anna ', '\ud800', 'Dear '))).map((parts) => parts.join('')), (text) => {
    for (const person of [...prosePeople(text, 0, text.length, gazetteer), ...smallLetterPeople(text, 0, text.length, gazetteer), ...proseAddresses(text, 0, text.length)]) assert.ok(person.start >= 0 && person.end <= text.length && person.start < person.end);
  }), { numRuns: 200 });
});
