/**
 * A temporary file for raw rows that memory has no room for. AES-256-GCM under a key that lives in this process only;
 * the file has no name where the system allows it, so that it is gone when the process is.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Where a block lies. */
export interface SpilledBlock { readonly offset: number; readonly length: number; readonly counter: number }

const TAG_BYTES = 16;

export class SpillFile {
  readonly #key = randomBytes(32);
  readonly #fd: number;
  /** Set where the file could not be unlinked while open (Windows). */
  readonly #named: string | undefined;
  #end = 0;
  #counter = 0;
  #closed = false;

  /** @param directory must exist and be private to the user, or be the system's temporary folder. */
  constructor(directory: string) {
    const file = path.join(directory, `pii-gate-${process.pid}-${randomBytes(8).toString('hex')}.spill`);
    this.#fd = openSync(file, 'wx+', 0o600);
    let named: string | undefined;
    try { unlinkSync(file); } catch { named = file; }
    this.#named = named;
  }

  /** Seals `parts` as one block. */
  write(parts: readonly Uint8Array[]): SpilledBlock {
    const counter = this.#counter++;
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv(counter));
    const pieces = [...parts.map((part) => cipher.update(part)), cipher.final(), cipher.getAuthTag()];
    const offset = this.#end;
    for (const piece of pieces) this.#append(piece);
    return { offset, length: this.#end - offset, counter };
  }

  /** Throws when the block was changed on disk. */
  read(block: SpilledBlock): Buffer {
    const sealed = Buffer.allocUnsafe(block.length);
    for (let done = 0; done < sealed.length;) {
      const got = readSync(this.#fd, sealed, done, sealed.length - done, block.offset + done);
      if (got === 0) throw new Error('The temporary result file is shorter than what was written to it.');
      done += got;
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#key, iv(block.counter));
    decipher.setAuthTag(sealed.subarray(block.length - TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, block.length - TAG_BYTES)), decipher.final()]);
  }

  get bytes(): number { return this.#end; }

  #append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#end + done);
    this.#end += bytes.length;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#key.fill(0);
    closeSync(this.#fd);
    if (this.#named) rmSync(this.#named, { force: true });
  }
}

/** The 96-bit nonce is a counter: never used twice under one key (NIST SP 800-38D, section 8.2.1). */
function iv(counter: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(counter), 4);
  return nonce;
}
