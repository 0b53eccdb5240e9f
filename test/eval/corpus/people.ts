/** Contact data of people who do not exist, from faker's locales, drawn with the corpus's own seed. */
import { de, en, en_GB, en_US, es, Faker, fr, it, type LocaleDefinition, nl, pl, pt_PT } from '@faker-js/faker';
import type { Random } from './random.ts';

const locales: readonly LocaleDefinition[] = [en_US, en_GB, de, fr, es, it, nl, pl, pt_PT];
const mailProviders = ['posteo.de', 'fastmail.com', 'proton.me', 'orange.fr', 'libero.it', 'xs4all.nl', 'wp.pl', 'sapo.pt', 'btinternet.com', 'web.de'];

function fakerOf(random: Random): Faker {
  return new Faker({ locale: [random.pick(locales), en], seed: random.int(1, 2 ** 31) });
}
const ascii = (text: string) => text.normalize('NFD').replace(/[^A-Za-z]/g, '').toLowerCase();

export function firstName(random: Random): string { return fakerOf(random).person.firstName(random.pick(['female', 'male'])); }
export function lastName(random: Random): string { return fakerOf(random).person.lastName('female'); }
export function fullName(random: Random): string { const faker = fakerOf(random); return `${faker.person.firstName(random.pick(['female', 'male']))} ${faker.person.lastName('female')}`; }

export function email(random: Random): string {
  const faker = fakerOf(random);
  const first = ascii(faker.person.firstName(random.pick(['female', 'male']))) || 'anna';
  const last = ascii(faker.person.lastName('female')) || 'meyer';
  return `${random.pick([`${first}.${last}`, `${first}${random.int(60, 99)}`, `${first[0]}.${last}`, `${last}_${first}`, `${first}+shop`])}@${random.pick(mailProviders)}`;
}

/** Numbers in ranges that national plans assign to subscribers. */
export function phone(random: Random): string {
  const d = (count: number) => random.digits(count);
  return random.pick([
    () => `+1 212 ${random.int(230, 899)} ${d(4)}`, () => `(415) ${random.int(230, 499)}-${d(4)}`, () => `+1-312-${random.int(230, 499)}-${d(4)}`,
    () => `+44 20 7946 ${d(4)}`, () => `+44 7700 ${d(6)}`.replace('7700', '7911'), () => `+49 30 ${d(7)}`, () => `+49 151 ${d(8)}`,
    () => `+33 6 ${d(2)} ${d(2)} ${d(2)} ${d(2)}`, () => `+33 1 4${d(1)} ${d(2)} ${d(2)} ${d(2)}`, () => `+31 6 ${d(8)}`, () => `+34 6${d(2)} ${d(3)} ${d(3)}`,
    () => `+39 347 ${d(7)}`, () => `+48 60${random.int(1, 9)} ${d(3)} ${d(3)}`, () => `+351 91${random.int(0, 9)} ${d(3)} ${d(3)}`,
  ])();
}

export function street(random: Random): string {
  const number = random.int(2, 180);
  return random.pick([
    () => `${number} ${random.pick(['Maple', 'Oakwood', 'Station', 'Church', 'Willow', 'Prospect'])} ${random.pick(['Street', 'Avenue', 'Road', 'Lane', 'Drive'])}`,
    () => `${random.pick(['Goethe', 'Schiller', 'Linden', 'Berg', 'Garten'])}${random.pick(['straße', 'weg', 'allee'])} ${number}`,
    () => `${number} rue ${random.pick(['de la République', 'Victor Hugo', 'des Lilas', 'de Paris'])}`,
    () => `Calle ${random.pick(['Mayor', 'de Alcalá', 'Real', 'del Sol'])} ${number}`,
    () => `Via ${random.pick(['Garibaldi', 'Roma', 'Mazzini', 'Dante'])} ${number}`,
  ])();
}

export function birthDate(random: Random): string {
  const month = String(random.int(1, 12)).padStart(2, '0');
  const day = String(random.int(1, 28)).padStart(2, '0');
  return `${random.int(1938, 2006)}-${month}-${day}`;
}
