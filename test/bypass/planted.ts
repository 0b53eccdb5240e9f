/** Planted persons: made up, of real shape, and found in no other text of this repository. */

export interface PlantedPerson { readonly id: number; readonly name: string; readonly email: string; readonly phone: string; readonly ssn: string; readonly city: string }

export const persons: readonly PlantedPerson[] = [
  { id: 1, name: 'Zebulon Quartermain', email: 'zebulon.q@quartermain-mail.com', phone: '+14152307781', ssn: '536-22-8741', city: 'Lund' },
  { id: 2, name: 'Philippa Ostrander', email: 'pippa@ostrander-post.org', phone: '+442079461183', ssn: '417-58-3962', city: 'Graz' },
  { id: 3, name: 'Thaddeus Vexelberg', email: 'tad.vex@vexelberg.net', phone: '+493022718845', ssn: '228-91-6053', city: 'Bern' },
];

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Each planted value as it is written and without its punctuation. */
export const canaries: readonly string[] = [...new Set(persons.flatMap((p) => [p.name, p.email, p.phone, p.ssn]).flatMap((value) => [value.toLowerCase(), letters(value)]))];

/** The planted values that a text shows: as they are, without punctuation, backwards, in hex or base64. */
export function shownIn(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const bare = letters(text);
  const backwards = [...bare].reverse().join('');
  return canaries.filter((value) => lower.includes(value) || bare.includes(letters(value)) || backwards.includes(letters(value))
    || lower.includes(Buffer.from(value).toString('hex')) || text.includes(Buffer.from(value).toString('base64').replace(/=+$/, '')));
}

/** INSERT statements for `customers` that every dialect takes. */
export const insertPersons = persons.map((p) => `INSERT INTO customers (id, name, email, phone, ssn, city) VALUES (${p.id}, '${p.name}', '${p.email}', '${p.phone}', '${p.ssn}', '${p.city}')`);
