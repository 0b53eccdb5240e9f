/**
 * The key of tokens and fakes: the same value gives the same replacement wherever the key is the same.
 * Until the client hands over its stored key, a random one that lives as long as the process.
 */
import { randomBytes } from 'node:crypto';

export class InstallationKey {
  private key: Uint8Array = randomBytes(32);
  private readonly listeners = new Set<() => void>();

  get(): Uint8Array {
    return this.key;
  }

  /** Exactly 32 bytes. Throws otherwise: a short key would make tokens guessable. */
  set(key: Uint8Array): void {
    if (key.length !== 32) throw new Error(`The installation key must have 32 bytes, not ${key.length}.`);
    if (Buffer.from(key).equals(Buffer.from(this.key))) return;
    this.key = key;
    for (const listener of this.listeners) listener();
  }

  onDidChange(listener: () => void): void {
    this.listeners.add(listener);
  }
}
