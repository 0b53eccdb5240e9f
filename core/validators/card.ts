/**
 * Payment cards: ISO/IEC 7812-1 (IIN, 12–19 digits, Luhn) with the networks' published IIN ranges.
 * Networks' test numbers and repeated digits are reserved.
 */
import { luhn } from './checksum.ts';
import { compact, isDigits, isRepeated } from './digits.ts';
import { invalid, reserved, valid, type Verdict } from './validator.ts';

interface Network {
  readonly name: string;
  /** Inclusive ranges of the leading digits, both ends of equal length. */
  readonly ranges: readonly (readonly [string, string])[];
  readonly lengths: readonly number[];
}

const L16_19 = [16, 17, 18, 19] as const;
const L12_19 = [12, 13, 14, 15, 16, 17, 18, 19] as const;
/** Most specific first. Sources: the networks' public BIN tables as collected in ISO/IEC 7812 listings. */
const NETWORKS: readonly Network[] = [
  { name: 'American Express', ranges: [['34', '34'], ['37', '37']], lengths: [15] },
  { name: 'Diners Club', ranges: [['300', '305'], ['3095', '3095'], ['36', '36'], ['38', '39']], lengths: [14, 15, 16, 17, 18, 19] },
  { name: 'JCB', ranges: [['3528', '3589']], lengths: L16_19 },
  { name: 'JCB (legacy)', ranges: [['1800', '1800'], ['2131', '2131']], lengths: [15] },
  { name: 'UATP', ranges: [['1', '1']], lengths: [15] },
  { name: 'Mir', ranges: [['2200', '2204']], lengths: L16_19 },
  { name: 'Mastercard', ranges: [['51', '55'], ['2221', '2720']], lengths: [16] },
  { name: 'Troy', ranges: [['9792', '9792'], ['65', '65']], lengths: [16] },
  { name: 'Verve', ranges: [['506099', '506198'], ['650002', '650027'], ['507865', '507964']], lengths: [16, 18, 19] },
  { name: 'Elo', ranges: [['401178', '401179'], ['431274', '431274'], ['438935', '438935'], ['451416', '451416'], ['457393', '457393'], ['457631', '457632'], ['504175', '504175'], ['509000', '509999'], ['627780', '627780'], ['636297', '636297'], ['636368', '636368']], lengths: [16] },
  { name: 'Hipercard', ranges: [['606282', '606282'], ['384100', '384100'], ['384140', '384140'], ['384160', '384160']], lengths: [13, 16, 19] },
  { name: 'RuPay', ranges: [['60', '60'], ['81', '82'], ['508', '508'], ['353', '353'], ['356', '356']], lengths: [16] },
  { name: 'Visa', ranges: [['4', '4']], lengths: [13, 16, 18, 19] },
  { name: 'Discover', ranges: [['6011', '6011'], ['644', '649'], ['65', '65'], ['622126', '622925']], lengths: L16_19 },
  { name: 'InstaPayment', ranges: [['637', '639']], lengths: [16] },
  { name: 'UnionPay', ranges: [['62', '62'], ['81', '81']], lengths: L16_19 },
  { name: 'UkrCard', ranges: [['60400100', '60420099']], lengths: L16_19 },
  { name: 'Dankort', ranges: [['5019', '5019'], ['4571', '4571']], lengths: [16] },
  { name: 'Humo', ranges: [['9860', '9860']], lengths: [16] },
  { name: 'UzCard', ranges: [['8600', '8600'], ['5614', '5614']], lengths: [16] },
  { name: 'Maestro', ranges: [['5018', '5018'], ['5020', '5020'], ['5038', '5038'], ['5893', '5893'], ['6304', '6304'], ['6390', '6390'], ['6759', '6759'], ['6761', '6763'], ['6771', '6771'], ['50', '50'], ['56', '58'], ['67', '67'], ['6', '6']], lengths: L12_19 },
];

/** Numbers that networks and payment processors publish for tests. */
const TEST_NUMBERS: ReadonlySet<string> = new Set([
  '4111111111111111', '4242424242424242', '4012888888881881', '4000056655665556', '4222222222222', '4000000000000002',
  '4000000000009995', '4000000000000069', '4000000000000127', '4000000000000119', '4000002500003155', '4000002760003184',
  '4000000000003220', '4000000000000077', '4000000000003055', '4917610000000000', '4484070000000000', '4005519200000004',
  '4009348888881881', '4012000033330026', '4012000077777777', '4217651111111119', '4500600000000061', '4000111111111115',
  '5555555555554444', '5105105105105100', '5200828282828210', '2223003122003222', '2223000048400011', '5454545454545454',
  '5424000000000015', '5431111111111111', '5500005555555559', '5555341244441115', '2222420000001113', '2222630000001125',
  '378282246310005', '371449635398431', '378734493671000', '370000000000002', '343434343434343', '341111111111111',
  '6011111111111117', '6011000990139424', '6011000400000000', '6011981111111113', '6011601160116611', '6011000000000012',
  '30569309025904', '38520000023237', '36227206271667', '3056930009020004', '36006666333344', '38000000000006',
  '3530111333300000', '3566002020360505', '3088000000000017', '6200000000000005', '6200000000000047', '6205500000000000004',
  '6304000000000000', '5019717010103742', '76009244561', '6331101999990016', '5610591081018250', '6759649826438453',
  '3528000700000000', '122000000000003', '4444333322221111', '4911830000000', '4917300800000000', '4462030000000000',
  '5000300000000003', '5066991111111118', '4988438843884305', '5577000055770004', '5136333333333335', '5100290029002909',
]);

export function card(value: string): Verdict {
  const digits = compact(value);
  if (!isDigits(digits, 12, 19)) return invalid('a card has 12 to 19 digits');
  if (isRepeated(digits)) return reserved('one digit repeated');
  const network = networkOf(digits);
  if (network === undefined) return invalid('no card network issues this prefix and length');
  if (!luhn(digits)) return invalid('Luhn check digit is wrong');
  if (TEST_NUMBERS.has(digits)) return reserved(`published ${network} test number`);
  return valid(0.1, `${network}, Luhn check digit is right`);
}

function networkOf(digits: string): string | undefined {
  for (const network of NETWORKS) {
    if (!network.lengths.includes(digits.length)) continue;
    for (const [low, high] of network.ranges) {
      const prefix = digits.slice(0, low.length);
      if (prefix >= low && prefix <= high) return network.name;
    }
  }
  return undefined;
}
