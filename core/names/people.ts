/**
 * `name` alone means nothing (files, products and classes have names too); under people it is a person's name. Authors and
 * maintainers are left out: they publish their names.
 */
import { splitIdentifier } from './identifier.ts';

const NAME = new Set(['name', 'names', 'nombre', 'nom', 'nome', 'naam', 'displayname', 'realname', 'fullname']);
const PEOPLE = new Set(('customer client user person people human individual employee worker staff colleague contractor freelancer applicant candidate patient doctor physician nurse member subscriber contact lead prospect guest visitor passenger traveller traveler driver rider student pupil teacher '
  + 'professor learner tenant resident citizen voter donor volunteer participant attendee guardian parent mother father child spouse partner sibling friend relative dependent beneficiary policyholder cardholder holder insured claimant owner buyer purchaser seller recipient sender payee payer borrower debtor '
  + 'reader player athlete manager agent adviser advisor consultant lawyer witness suspect victim offender inmate soldier pilot '
  + 'kunde kunden kundin mitarbeiter benutzer nutzer patienten mitglied kontakt cliente clientes empleado usuario paciente contacto utilisateur salarie employe cliente utente dipendente paziente klant klanten medewerker gebruiker klient klienci pracownik uzytkownik pacjent usuarios pessoa funcionario persona personas personne persone osoba').split(' '));

/** The name that `name` stands for below `path` (outermost first): `full name` under people; itself otherwise. */
export function nameAmong(name: string, path: readonly string[]): string {
  if (!isBareName(name)) return name;
  for (let i = path.length - 1; i >= Math.max(0, path.length - 2); i--) {
    const words = splitIdentifier(path[i]!);
    const last = words[words.length - 1] ?? '';
    if (PEOPLE.has(last) || PEOPLE.has(last.replace(/s$/, '')) || PEOPLE.has(last.replace(/ies$/, 'y'))) return 'full name';
  }
  return name;
}

/** Whether what stands around decides what the name means. */
export const isBareName = (name: string): boolean => name.length <= 12 && NAME.has(name.toLowerCase().replace(/[_-]/g, ''));
