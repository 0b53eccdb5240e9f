/** Dates inside identifiers (Gregorian, proleptic). */

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a day that exists. `month` 1..12. */
export function isDate(year: number, month: number, day: number): boolean {
  if (!(month >= 1 && month <= 12 && day >= 1)) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0));
}

/** A day that exists and on which somebody can have been born: not after this year. Reads the clock. */
export function isBirthDate(year: number, month: number, day: number): boolean {
  return isDate(year, month, day) && year <= new Date().getUTCFullYear();
}

/** True when the day exists in 18yy, 19yy or 20yy: the century is not written. */
export function isDateOfSomeCentury(yearInCentury: number, month: number, day: number): boolean {
  return isDate(2000 + yearInCentury, month, day) || isDate(1900 + yearInCentury, month, day);
}

/** Share of six random digits that are a date (any order of YY, MM, DD). */
export const DATE_CHANCE = 0.0366;
