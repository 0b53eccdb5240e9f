/** The peers, run on the same documents in the same process. Installed into a cache by the evaluation only. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Labelled } from './score.ts';

export interface Peer { readonly name: string; find(text: string): Promise<readonly Labelled[]> }

const versions = { openredaction: '1.1.5', 'redact-pii': '3.4.0', '@redactpii/node': '1.0.17' };

/** Their names for our entities; what is not listed is compared as "other" and never counts as right. */
const entityNames: Readonly<Record<string, string>> = {
  EMAIL: 'EMAIL_ADDRESS', EMAIL_ADDRESS: 'EMAIL_ADDRESS', PHONE: 'PHONE_NUMBER', PHONE_NUMBER: 'PHONE_NUMBER', PHONE_US: 'PHONE_NUMBER', PHONE_UK: 'PHONE_NUMBER', PHONE_UK_MOBILE: 'PHONE_NUMBER', PHONE_INTERNATIONAL: 'PHONE_NUMBER',
  CREDIT_CARD: 'CREDIT_CARD', CREDIT_CARD_NUMBER: 'CREDIT_CARD', IBAN: 'IBAN_CODE', IPV4: 'IP_ADDRESS', IPV6: 'IP_ADDRESS', IP_ADDRESS: 'IP_ADDRESS', MAC_ADDRESS: 'MAC_ADDRESS', SSN: 'US_SSN', US_SOCIAL_SECURITY_NUMBER: 'US_SSN', ITIN: 'US_ITIN',
  NATIONAL_INSURANCE_UK: 'UK_NINO', NHS_NUMBER: 'UK_NHS', SIN_CA: 'CA_SIN', NAME: 'PERSON', PERSON_NAME: 'PERSON', FIRST_NAME: 'PERSON', LAST_NAME: 'PERSON', DATE_OF_BIRTH: 'DATE_OF_BIRTH', STREET_ADDRESS: 'ADDRESS', ADDRESS_STREET: 'ADDRESS',
  BRAZILIAN_CPF: 'BR_CPF', BRAZILIAN_CNPJ: 'BR_CNPJ', INDIAN_AADHAAR: 'IN_AADHAAR', AUSTRALIAN_TFN: 'AU_TFN', SPANISH_DNI: 'ES_NIF', ITALIAN_FISCAL_CODE: 'IT_FISCAL_CODE', FRENCH_SOCIAL_SECURITY: 'FR_NIR', POLISH_PESEL: 'PL_PESEL', DUTCH_BSN: 'NL_BSN',
  GERMAN_TAX_ID: 'DE_TAX_ID', SOUTH_AFRICA_ID: 'ZA_ID_NUMBER', SINGAPORE_NRIC: 'SG_NRIC_FIN', TURKEY_ID: 'TR_NATIONAL_ID',
};

/** Installs the peers under `cacheDir` (npm registry) and returns those that load. Problems are said, not hidden. */
export function loadPeers(cacheDir: string): readonly Peer[] {
  mkdirSync(cacheDir, { recursive: true });
  if (!existsSync(join(cacheDir, 'node_modules', 'openredaction'))) {
    writeFileSync(join(cacheDir, 'package.json'), JSON.stringify({ private: true, dependencies: versions }));
    const install = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: cacheDir, encoding: 'utf8' });
    if (install.status !== 0) throw new Error(`the peers could not be installed: ${install.stderr.slice(-500)}`);
  }
  const require = createRequire(join(cacheDir, 'package.json'));
  return [openredaction(require), redactPii(require), redactpiiNode(require)];
}

function openredaction(require: NodeJS.Require): Peer {
  const { OpenRedaction } = require('openredaction') as { OpenRedaction: new (options: object) => { detect(text: string): unknown } };
  const detector = new OpenRedaction({});
  return {
    name: `openredaction ${versions.openredaction}`,
    async find(text) {
      const result = (await detector.detect(text)) as { detections: readonly { type: string; value: string; position: readonly [number, number] }[] };
      return result.detections.map((found) => ({ start: found.position[0], end: found.position[1], entity: entityNames[found.type] ?? found.type }));
    },
  };
}

/** Peers that only return redacted text: spans come from aligning it with the original around each placeholder. */
function spansFromRedaction(text: string, redacted: string, placeholder: RegExp): readonly Labelled[] {
  const spans: Labelled[] = [];
  let source = 0;
  let last = 0;
  const matches = [...redacted.matchAll(placeholder)];
  for (const [index, match] of matches.entries()) {
    const literal = redacted.slice(last, match.index);
    source += literal.length;
    last = match.index + match[0].length;
    const following = redacted.slice(last, matches[index + 1]?.index ?? redacted.length).slice(0, 24);
    const end = following === '' ? text.length : text.indexOf(following, source);
    if (end < 0) break;
    spans.push({ start: source, end, entity: entityNames[match[1] ?? ''] ?? (match[1] ?? 'OTHER') });
    source = end;
  }
  return spans;
}

function redactPii(require: NodeJS.Require): Peer {
  const { SyncRedactor } = require('redact-pii') as { SyncRedactor: new () => { redact(text: string): string } };
  const redactor = new SyncRedactor();
  return { name: `redact-pii ${versions['redact-pii']}`, find: async (text) => spansFromRedaction(text, redactor.redact(text), /\b([A-Z][A-Z_]{2,})\b(?<!\b(?:INSERT|VALUES|COPY|FROM|INFO|DEBUG)\b)/g).filter((span) => span.end > span.start && text.slice(span.start, span.end) !== span.entity) };
}

function redactpiiNode(require: NodeJS.Require): Peer {
  const { Redactor } = require('@redactpii/node') as { Redactor: new (options: object) => { redact(text: string): string } };
  const redactor = new Redactor({ rules: { CREDIT_CARD: true, EMAIL: true, NAME: true, PHONE: true, SSN: true } });
  return { name: `@redactpii/node ${versions['@redactpii/node']}`, find: async (text) => spansFromRedaction(text, redactor.redact(text), /\b(PERSON_NAME|EMAIL_ADDRESS|PHONE_NUMBER|US_SOCIAL_SECURITY_NUMBER|CREDIT_CARD_NUMBER)\b/g) };
}
