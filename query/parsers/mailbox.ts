/** Shared memory between the thread that asks for a parse and the one that parses. */

/** Indices of the control words. */
export const word = { asked: 0, answered: 1, requestLength: 2, dialect: 3, outcome: 4, responseLength: 5, ready: 6 } as const;
export const outcome = { syntax: 0, ok: 1, crashed: 2 } as const;

/** Bytes. Statements are capped at 100,000 characters, and a tree is at most some hundred times its text. */
export const requestBytes = 512 * 1024;
export const responseBytes = 32 * 1024 * 1024;

export interface Mailbox {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly request: Uint8Array<SharedArrayBuffer>;
  readonly response: Uint8Array<SharedArrayBuffer>;
}

/** What the worker is started with. */
export interface ParserWorkerData {
  /** Bytes of the parser's wasm file. */
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly mailbox: Mailbox;
}

export function createMailbox(): Mailbox {
  return {
    control: new Int32Array(new SharedArrayBuffer(8 * Int32Array.BYTES_PER_ELEMENT)),
    request: new Uint8Array(new SharedArrayBuffer(requestBytes)),
    response: new Uint8Array(new SharedArrayBuffer(responseBytes)),
  };
}
