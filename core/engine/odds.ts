/**
 * Scores are probabilities: a pattern's score is the prior that a bare thing of that shape is the entity; each piece of
 * evidence multiplies its odds (Bayes). A validator that one random value in n passes is worth a factor of n, so a weak
 * checksum on a common shape stays below the threshold until a word or a name speaks for it.
 */

/** Evidence of a whole context word nearby. Chosen so that a 0.03 prior behind a mod-11 pass is shown with it (0.77). */
export const CONTEXT_WORD = 10;
/** Evidence of the value's own column, key or variable name. */
export const FIELD_NAME = 200;
/** A column, key or variable that is called something else (`order_id`, `checksum`). */
export const OTHER_NAME = 1 / 8;
/** A bare number in source code, in a lock file or in a minified line. */
export const MACHINE_TEXT = 1 / 6;

/** From here more evidence would change nothing that anyone sees. */
export const CERTAIN = 0.95;

export function withOdds(probability: number, factor: number): number {
  if (probability >= 1) return 1;
  const odds = (probability / (1 - probability)) * factor;
  return odds / (1 + odds);
}

/** Rounded to two digits: more would pretend to know. Never 1 unless a rule says so. */
export const rounded = (probability: number): number => Math.round(Math.min(probability, 0.999) * 100) / 100;
