/** What databases' own masking labels say: PostgreSQL Anonymizer's security labels, SQL Server's dynamic data masking. */
import type { NameVerdict } from '../engine/detector.ts';
import type { Sensitivity } from './inventory.ts';

/** Words in the masking function's name → entity. Source: postgresql-anonymizer.readthedocs.io, masking functions; Transact-SQL, dynamic data masking. */
const functions: readonly (readonly [RegExp, string, string])[] = [
  [/email/, 'EMAIL_ADDRESS', 'user.contact.email'], [/phone/, 'PHONE_NUMBER', 'user.contact.phone_number'], [/iban/, 'IBAN_CODE', 'user.financial.bank_account'],
  [/(?:first|last|full|sur)_?name|lorem_name|_name\b/, 'PERSON', 'user.name'], [/city|country|address|postcode|zip|region/, 'ADDRESS', 'user.contact.address'],
  [/birth|date/, 'DATE_OF_BIRTH', 'user.demographic.date_of_birth'], [/siret|siren|company/, 'ORGANIZATION', 'user'],
];

/**
 * Any label means that somebody found the column sensitive. The column's name says best what it holds, else the
 * masking function's; else it is just personal data. `NOT MASKED` says nothing.
 */
export function sensitivityOfLabel(label: string, names: readonly NameVerdict[]): Sensitivity | undefined {
  if (/^\s*NOT\s+MASKED/i.test(label) || !/^\s*MASKED\s+WITH/i.test(label)) return undefined;
  const [best] = names;
  if (best) return { entity: best.entity, category: best.category, confidence: 1, source: 'label' };
  const written = label.toLowerCase();
  const found = functions.find(([pattern]) => pattern.test(written));
  return { entity: found?.[1] ?? 'PERSONAL_DATA', category: found?.[2] ?? 'user', confidence: 1, source: 'label' };
}
