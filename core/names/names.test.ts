import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readGazetteer } from './gazetteer.ts';
import { splitIdentifier } from './identifier.ts';
import { NameIndex } from './name-index.ts';
import { nameAmong } from './people.ts';
import { looksLikePerson, prosePeople } from './prose-people.ts';

const gazetteer = readGazetteer();

test('identifiers are split into words', () => {
  const cases: readonly [string, string[]][] = [
    ['customerSSNNumber2', ['customer', 'ssn', 'number', '2']], ['first_name', ['first', 'name']], ['Prénom', ['prenom']], ['X-Client-IP', ['x', 'client', 'ip']], ['', []], ['имяКлиента', ['имя', 'клиента']],
  ];
  for (const [name, words] of cases) assert.deepEqual(splitIdentifier(name), words);
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
];
for (const [text, expected] of people) test(`people in: ${text}`, () => assert.deepEqual(prosePeople(text, 0, text.length, gazetteer).filter((person) => person.confidence >= 0.4).map((person) => text.slice(person.start, person.end)), expected));

test('never throws and stays within the text', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('Anna ', 'Smith ', 'Mr. ', 'van der ', 'J. ', '\n', 'O’Neil ', '\ud800', 'Dear '))).map((parts) => parts.join('')), (text) => {
    for (const person of prosePeople(text, 0, text.length, gazetteer)) assert.ok(person.start >= 0 && person.end <= text.length && person.start < person.end);
  }), { numRuns: 200 });
});
