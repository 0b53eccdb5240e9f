/** Identifiers of Sweden. */
import { luhn } from './checksum.ts';
import { isBirthDate, isDateOfSomeCentury } from './date.ts';
import { isDigits } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** Personnummer and samordningsnummer: SKV 704: [CC]YYMMDD±NNNC, Luhn over the last ten; coordination numbers add 60 to the day. */
export const personnummer: Validator = (value) => {
  const text = value.trim();
  if (!/^(?:\d{2})?\d{6}[-+ ]?\d{4}$/.test(text)) return invalid('not the form of a personnummer');
  const digits = text.replace(/\D/g, '');
  const ten = digits.slice(-10);
  const written = Number(ten.slice(4, 6));
  const day = written > 60 ? written - 60 : written;
  const [yy, month] = [Number(ten.slice(0, 2)), Number(ten.slice(2, 4))];
  const dated = digits.length === 12 ? /^(?:18|19|20)/.test(digits) && isBirthDate(Number(digits.slice(0, 4)), month, day) : isDateOfSomeCentury(yy, month, day);
  if (!dated) return invalid('no such birth date');
  if (!luhn(ten) || ten.endsWith('0000')) return invalid('Luhn check digit is wrong');
  return valid(digits.length === 12 ? 0.0002 : 0.007, 'birth date and Luhn check digit fit');
};

/** Organisation number: SKV 709: 10 digits, third at least 2, Luhn; optional 16 before it. */
export const orgnr: Validator = (value) => ORGNR(value.trim().replace(/^16(?=\d{6}-?\d{4}$)/, ''));
const ORGNR = digitValidator({ length: 10, check: (digits) => digits.charCodeAt(2) >= 50 && digits[0] !== '0' && luhn(digits), chance: 0.072, note: 'third digit and Luhn check digit fit' });

/** VAT number: SE + organisation or personal number + 01. */
export const moms: Validator = (value) => {
  const digits = value.replace(/[\s-]/g, '').replace(/^SE/i, '');
  if (!isDigits(digits, 12) || !/(?:0[1-9]|[1-9]\d)$/.test(digits)) return invalid('a Swedish VAT number has 12 digits');
  return luhn(digits.slice(0, 10)) ? valid(0.1, 'Luhn check digit is right') : invalid('Luhn check digit is wrong');
};
