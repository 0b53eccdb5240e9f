/** Readers of option values that several commands share. */
import { InvalidArgumentError } from 'commander';

/** 0..1 */
export function confidence(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return value;
}
