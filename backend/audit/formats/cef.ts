/** ArcSight Common Event Format, CEF:0, in RFC 5424 frames (facility 13 "log audit"). */
import type { AuditRecord } from '../record.ts';
import { outcomeOf, severityOf, titleOf } from './format.ts';

/** @param host RFC 5424 HOSTNAME */
export function toCef(record: AuditRecord, host: string): string {
  const severity = severityOf(record);
  const extension: Readonly<Record<string, string | number | undefined>> = {
    rt: record.at, externalId: record.seq, suser: record.actor.id, act: record.type, outcome: outcomeOf(record),
    cs1Label: 'request', cs1: record.request, cs2Label: 'grant', cs2: record.grant, cs3Label: 'hash', cs3: record.hash, cs4Label: 'prev', cs4: record.prev, cs5Label: 'sig', cs5: record.sig, cs6Label: 'kid', cs6: record.kid,
    msg: JSON.stringify(record.data),
  };
  const pairs = Object.entries(extension).filter(([key, value]) => value !== undefined && !(key.endsWith('Label') && extension[key.slice(0, -5)] === undefined));
  const cef = `CEF:0|PII Gate|PII Gate|1|${header(record.type)}|${header(titleOf(record))}|${severity}|${pairs.map(([key, value]) => `${key}=${field(String(value))}`).join(' ')}`;
  // PRI = facility 13 × 8 + severity: 1 alert, 4 warning, 6 informational (RFC 5424, 6.2.1).
  const priority = 13 * 8 + (severity >= 9 ? 1 : severity >= 5 ? 4 : 6);
  return `<${priority}>1 ${new Date(record.at).toISOString()} ${host.replace(/[^\x21-\x7e]/g, '-').slice(0, 255) || '-'} pii-gate - audit - \u{feff}${cef}`;
}

/** Header fields: backslash and pipe are escaped, line ends can't be there. */
function header(text: string): string {
  return text.replace(/[\\|]/g, (char) => `\\${char}`).replace(/[\r\n]+/g, ' ');
}

/** Extension values: backslash, equals sign and line ends are escaped, so that no value can make up a field. */
function field(text: string): string {
  return text.replace(/[\\=]/g, (char) => `\\${char}`).replace(/\r\n|\r|\n/g, '\\n');
}
