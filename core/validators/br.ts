/** Identifiers of Brazil. */
import { compact, digitAt, isDigits, isRepeated } from './digits.ts';
import { digitValidator } from './shape.ts';
import { invalid, type Validator, valid } from './validator.ts';

/** Mod 11 digit where a rest below 2 gives 0; weights rise from the right, wrapping after `top`. Letters count as ASCII − 48. */
function mod11Digit(text: string, top: number): number {
  let sum = 0;
  for (let fromRight = 0; fromRight < text.length; fromRight++) {
    sum += (text.charCodeAt(text.length - 1 - fromRight) - 48) * (2 + (fromRight % (top - 1)));
  }
  const rest = sum % 11;
  return rest < 2 ? 0 : 11 - rest;
}

/** CPF: Receita Federal: two mod 11 digits, weights 10..2 and 11..2. */
export const cpf: Validator = digitValidator({
  length: 11,
  check: (digits) => mod11Digit(digits.slice(0, 9), 12) === digitAt(digits, 9) && mod11Digit(digits.slice(0, 10), 12) === digitAt(digits, 10),
  chance: 0.01,
  note: 'both mod 11 check digits are right',
});

/** CNPJ: two mod 11 digits, weights 2..9; letters in the first twelve places since July 2026 (IN RFB 2.229/2024). */
export const cnpj: Validator = (value) => {
  const text = compact(value);
  if (!/^[0-9A-Z]{12}\d{2}$/.test(text)) return invalid('not the form of a CNPJ');
  if (isRepeated(text)) return invalid('one digit repeated is never issued');
  if (text.startsWith('00000000') ) return invalid('the root is never zero');
  const right = mod11Digit(text.slice(0, 12), 9) === digitAt(text, 12) && mod11Digit(text.slice(0, 13), 9) === digitAt(text, 13);
  return right ? valid(0.01, 'both mod 11 check digits are right') : invalid('check digits are wrong (mod 11)');
};

/** Driving licence (CNH): 11 digits; DENATRAN's two mod 11 digits with a carry of 2. */
export const cnh: Validator = digitValidator({
  length: 11,
  check: (digits) => {
    let first = 0;
    let second = 0;
    for (let index = 0; index < 9; index++) {
      first += digitAt(digits, index) * (9 - index);
      second += digitAt(digits, index) * (1 + index);
    }
    const carry = first % 11 >= 10 ? 2 : 0;
    const one = first % 11 >= 10 ? 0 : first % 11;
    const rest = second % 11;
    const two = rest >= 10 ? 0 : rest - carry < 0 ? rest - carry + 11 : rest - carry;
    return one === digitAt(digits, 9) && two % 11 === digitAt(digits, 10);
  },
  chance: 0.012,
  note: 'both check digits are right',
});

/** Voter title: TSE: 8 digits, state 01–28, two mod 11 digits (São Paulo and Minas take 1 for a rest of 0). */
export const tituloEleitor: Validator = digitValidator({
  length: 12,
  check: (digits) => {
    const state = Number(digits.slice(8, 10));
    if (state < 1 || state > 28) return false;
    const digit = (part: string, weights: readonly number[]): number => {
      let sum = 0;
      for (let index = 0; index < weights.length; index++) sum += digitAt(part, index) * (weights[index] ?? 0);
      const rest = sum % 11;
      if (rest === 0 && (state === 1 || state === 2)) return 1;
      return rest === 10 ? 0 : rest;
    };
    const first = digit(digits, [2, 3, 4, 5, 6, 7, 8, 9]);
    return first === digitAt(digits, 10) && digit(digits.slice(8, 11), [7, 8, 9]) === digitAt(digits, 11);
  },
  chance: 0.003,
  note: 'state and both check digits fit',
});

/** PIS/PASEP/NIT: Caixa: weights 3 2 9 8 7 6 5 4 3 2, mod 11. */
export const pis: Validator = digitValidator({
  length: 11,
  check: (digits) => mod11Digit(digits.slice(0, 10), 9) === digitAt(digits, 10),
  chance: 0.1,
  note: 'mod 11 check digit is right',
});

/** Health card (CNS): Ministério da Saúde: 15 digits from 1, 2, 7, 8 or 9; weights 15..1, mod 11. */
export const cns: Validator = (value) => {
  const digits = compact(value);
  if (!isDigits(digits, 15) || !/^[12789]/.test(digits)) return invalid('a CNS has 15 digits from 1, 2, 7, 8 or 9');
  let sum = 0;
  for (let index = 0; index < 15; index++) sum += digitAt(digits, index) * (15 - index);
  return sum % 11 === 0 ? valid(0.045, 'mod 11 check is right') : invalid('mod 11 check is wrong');
};
