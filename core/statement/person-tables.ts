/** Tables whose rows are people: there a bare `name` is a person's. `products.name` is not. */
import type { Sensitivity } from './inventory.ts';

const people = new Set(`
customer client user person people employee staff worker colleague member patient contact student pupil teacher guest visitor applicant candidate
subscriber lead prospect donor voter resident citizen tenant passenger driver beneficiary recipient participant attendee player author doctor physician nurse
owner holder insured policyholder cardholder debtor creditor borrower buyer seller child parent guardian spouse dependent kid
kunde kunden mitarbeiter benutzer patienten cliente clientes usuario usuarios empleado empleados utente dipendente klient persoon personen personne personnes salarie
`.trim().split(/\s+/));
const names = new Set(['name', 'nom', 'nombre', 'nome', 'naam', 'fullname', 'displayname', 'display_name', 'names']);

/** `PERSON` for a column called just "name" in a table of people (any case, singular or plural, with prefix or suffix words). */
export function nameOfPerson(table: string, column: string): Sensitivity | undefined {
  if (!names.has(column.toLowerCase())) return undefined;
  const words = table.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase().split(/[^\p{L}]+/u).filter((word) => word !== '');
  // The last word is the head: `customer_orders` holds orders, `crm_customers` customers.
  const head = words.filter((word) => !qualifiers.has(word)).at(-1) ?? '';
  const singular = [head, head.replace(/s$/, ''), head.replace(/ies$/, 'y'), head.replace(/ren$/, '')];
  return singular.some((word) => people.has(word)) ? { entity: 'PERSON', category: 'user.name', confidence: 0.7, source: 'name' } : undefined;
}

/** Words after the head that don't change what a row is. */
const qualifiers = new Set(['tbl', 'table', 'archive', 'archived', 'old', 'new', 'backup', 'bak', 'history', 'hist', 'tmp', 'temp', 'staging', 'copy', 'view', 'v', 't', 'list', 'data', 'master', 'dim', 'fact']);
