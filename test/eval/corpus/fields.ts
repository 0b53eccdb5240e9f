/** What a record can hold: personal fields with their entity, and neutral fields that look like trouble and are none. */
import * as id from './identifiers.ts';
import * as people from './people.ts';
import type { Random } from './random.ts';

export interface Field {
  /** Undefined for what is not personal. */
  readonly entity?: string;
  /** Column or key names, as words; a file kind writes them in its own case. */
  readonly names: readonly string[];
  readonly value: (random: Random) => string;
  /** Written without quotes where the language has numbers. */
  readonly bare?: boolean;
}

export const personalFields: readonly Field[] = [
  { entity: 'EMAIL_ADDRESS', names: ['email', 'contact email', 'e mail', 'user email', 'billing email'], value: people.email },
  { entity: 'PHONE_NUMBER', names: ['phone', 'mobile', 'phone number', 'tel', 'contact phone'], value: people.phone },
  { entity: 'CREDIT_CARD', names: ['card number', 'card', 'credit card', 'pan number', 'payment card'], value: id.card },
  { entity: 'IBAN_CODE', names: ['iban', 'bank account', 'account iban', 'payout iban'], value: id.iban },
  { entity: 'IP_ADDRESS', names: ['ip', 'client ip', 'remote addr', 'ip address', 'last ip'], value: (random) => (random.chance(0.8) ? id.ipv4(random) : id.ipv6(random)) },
  { entity: 'MAC_ADDRESS', names: ['mac', 'mac address', 'device mac'], value: id.mac },
  { entity: 'US_SSN', names: ['ssn', 'social security number', 'customer ssn', 'tax id'], value: id.usSsn },
  { entity: 'US_ITIN', names: ['itin', 'taxpayer id', 'individual taxpayer number'], value: id.usItin },
  { entity: 'UK_NINO', names: ['nino', 'national insurance number', 'ni number'], value: id.ukNino },
  { entity: 'UK_NHS', names: ['nhs number', 'nhs', 'nhs no'], value: id.ukNhs },
  { entity: 'CA_SIN', names: ['sin', 'social insurance number', 'employee sin'], value: id.caSin },
  { entity: 'FR_NIR', names: ['nir', 'numero secu', 'securite sociale', 'insee number'], value: id.frNir },
  { entity: 'DE_TAX_ID', names: ['steuer id', 'steuer identifikationsnummer', 'idnr', 'steuerliche identifikationsnummer'], value: id.deTaxId },
  { entity: 'ES_NIF', names: ['dni', 'nif', 'documento identidad'], value: id.esNif },
  { entity: 'ES_NIE', names: ['nie', 'numero extranjero', 'documento nie'], value: id.esNie },
  { entity: 'IT_FISCAL_CODE', names: ['codice fiscale', 'cf', 'fiscal code'], value: id.itFiscalCode },
  { entity: 'NL_BSN', names: ['bsn', 'burgerservicenummer', 'bsn nummer'], value: id.nlBsn },
  { entity: 'PL_PESEL', names: ['pesel', 'numer pesel'], value: id.plPesel },
  { entity: 'IN_AADHAAR', names: ['aadhaar', 'aadhaar number', 'uidai'], value: id.inAadhaar },
  { entity: 'IN_PAN', names: ['pan', 'pan card', 'permanent account number'], value: id.inPan },
  { entity: 'BR_CPF', names: ['cpf', 'numero cpf', 'cpf cliente'], value: id.brCpf },
  { entity: 'BR_CNPJ', names: ['cnpj', 'cnpj fornecedor'], value: id.brCnpj },
  { entity: 'AU_TFN', names: ['tfn', 'tax file number'], value: id.auTfn },
  { entity: 'SE_PERSONNUMMER', names: ['personnummer', 'person nr'], value: id.sePersonnummer },
  { entity: 'FI_PERSONAL_IDENTITY_CODE', names: ['hetu', 'henkilotunnus'], value: id.fiHetu },
  { entity: 'TR_NATIONAL_ID', names: ['tckn', 'tc kimlik no'], value: id.trNationalId },
  { entity: 'CH_AHV', names: ['ahv', 'ahv nummer', 'avs number'], value: id.chAhv },
  { entity: 'CN_RESIDENT_ID', names: ['resident id', 'id card number', 'shenfenzheng'], value: id.cnResidentId },
  { entity: 'SG_NRIC_FIN', names: ['nric', 'nric fin'], value: id.sgNric },
  { entity: 'ZA_ID_NUMBER', names: ['sa id number', 'south african id', 'id number'], value: id.zaId },
  { entity: 'PERSON', names: ['full name', 'customer name', 'contact name', 'account holder'], value: people.fullName },
  { entity: 'PERSON', names: ['first name', 'given name'], value: people.firstName },
  { entity: 'PERSON', names: ['last name', 'surname', 'family name'], value: people.lastName },
  { entity: 'DATE_OF_BIRTH', names: ['date of birth', 'dob', 'birth date', 'birthday'], value: people.birthDate },
  { entity: 'ADDRESS', names: ['street address', 'address line 1', 'street', 'home address'], value: people.street },
];

const digits = (length: number) => (random: Random) => random.digits(length);

/** The traps of everyday data: none of these is personal. */
export const neutralFields: readonly Field[] = [
  { names: ['id', 'row id', 'sequence'], value: (random) => String(random.int(1, 99_999)), bare: true },
  { names: ['request id', 'trace id', 'uuid', 'correlation id'], value: (random) => `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}` },
  { names: ['sha', 'commit', 'checksum', 'etag'], value: (random) => random.hex(random.pick([32, 40, 64])) },
  { names: ['created at', 'updated at', 'timestamp'], value: (random) => `20${random.int(20, 26)}-0${random.int(1, 9)}-1${random.int(0, 9)}T0${random.int(0, 9)}:${random.int(10, 59)}:${random.int(10, 59)}Z` },
  { names: ['ts', 'epoch ms', 'created ms'], value: (random) => `17${random.digits(11)}`, bare: true },
  { names: ['expires', 'epoch', 'unix time'], value: (random) => `17${random.digits(8)}`, bare: true },
  { names: ['score', 'ratio', 'confidence', 'loss'], value: (random) => `0.${random.digits(16)}`, bare: true },
  { names: ['version', 'app version', 'firmware'], value: (random) => `${random.int(1, 20)}.${random.int(0, 40)}.${random.int(0, 99)}` },
  { names: ['build', 'assembly version'], value: (random) => `${random.int(1, 9)}.${random.int(0, 20)}.${random.int(1000, 9999)}.${random.int(0, 300)}` },
  { names: ['order number', 'order ref', 'invoice no'], value: (random) => `ORD-${random.digits(8)}` },
  { names: ['tracking number', 'parcel id'], value: (random) => `1Z${random.letters(3)}${random.digits(13)}` },
  { names: ['sku', 'article', 'part number'], value: (random) => `${random.letters(2)}-${random.digits(4)}-${random.letters(1)}` },
  { names: ['isbn'], value: (random) => `978-3-16-${random.digits(6)}-0` },
  { names: ['latitude', 'lat'], value: (random) => `${random.int(-60, 60)}.${random.digits(6)}`, bare: true },
  { names: ['amount', 'total', 'price', 'net'], value: (random) => `${random.int(1, 9999)}.${random.digits(2)}`, bare: true },
  { names: ['width', 'height', 'port', 'retries', 'duration ms'], value: (random) => String(random.int(1, 9000)), bare: true },
  { names: ['snowflake', 'message id', 'tweet id'], value: digits(19) },
  { names: ['host', 'gateway', 'bind'], value: (random) => `10.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}` },
  { names: ['color', 'accent'], value: (random) => `#${random.hex(6)}` },
  { names: ['status', 'state'], value: (random) => random.pick(['open', 'paid', 'shipped', 'cancelled', 'pending']) },
  { names: ['plan', 'tier'], value: (random) => random.pick(['free', 'team', 'business', 'enterprise']) },
  { names: ['file name', 'asset', 'icon'], value: (random) => random.pick(['icon@2x.png', 'logo-dark.svg', 'main.4f2a91c0.js', 'report_20240115.pdf']) },
  { names: ['package', 'dependency'], value: (random) => random.pick(['lodash@4.17.21', '@types/node@18.19.3', 'react@18.2.0', 'left-pad@1.3.0']) },
  { names: ['digest', 'integrity'], value: (random) => `sha256-${random.letters(43, 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789')}=` },
  { names: ['sender', 'reply to', 'from address'], value: (random) => random.pick(['noreply@example.com', 'no-reply@example.org', 'alerts@example.net']) },
  { names: ['class name', 'handler', 'component'], value: (random) => random.pick(['HttpClient', 'UserController', 'GraceWindow', 'MarkDownRenderer', 'WillPowerService']) },
  { names: ['template', 'placeholder'], value: (random) => random.pick(['{{email}}', '${user.phone}', '<EMAIL>', '%(name)s']) },
  { names: ['masked', 'last four'], value: (random) => `***-**-${random.digits(4)}` },
];
