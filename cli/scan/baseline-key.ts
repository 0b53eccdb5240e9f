/** The key of a baseline: from the environment, else from a file beside the baseline that must not be committed. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { UserError } from '../exit.ts';

export interface BaselineKey {
  readonly key: Uint8Array;
  /** Present when a key file was made now: tell people about it. */
  readonly made?: string;
}

/** @throws UserError when there is no key to read a baseline with. */
export function baselineKey(baseline: string, fromEnvironment: string | undefined, update: boolean): BaselineKey {
  if (fromEnvironment !== undefined && fromEnvironment !== '') return { key: parse(fromEnvironment, 'PII_GATE_KEY') };
  const file = `${baseline}.key`;
  if (existsSync(file)) return { key: parse(readFileSync(file, 'utf8').trim(), file) };
  if (!update) throw new UserError(`the baseline ${baseline} needs its key: set PII_GATE_KEY, or put the key file ${file} back.`);
  const key = randomBytes(32);
  writeFileSync(file, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  return { key, made: file };
}

function parse(text: string, where: string): Uint8Array {
  const key = Buffer.from(text, 'base64url');
  if (key.length !== 32) throw new UserError(`${where} must hold 32 bytes in base64url, it has ${key.length}.`);
  return key;
}
