/** Audit records for a spreadsheet. The chain fields are columns as well; `data` is JSON. Only JSON lines can be verified again. */
import type { AuditRecord } from '../record.ts';

export const csvHeader = 'seq,time,type,actor,actor_kind,request,grant,data,hash,prev,kid,sig';

/** One line without its line end (RFC 4180). */
export function toCsv({ seq, at, type, actor, request, grant, data, hash, prev, kid, sig }: AuditRecord): string {
  return [String(seq), new Date(at).toISOString(), type, actor.id, actor.kind, request ?? '', grant ?? '', JSON.stringify(data), hash, prev, kid, sig].map(field).join(',');
}

/** A spreadsheet runs what begins like a formula (https://owasp.org/www-community/attacks/CSV_Injection): an apostrophe makes it text. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
