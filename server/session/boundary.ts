/**
 * The one boundary around every handler: the unexpected becomes a log line without user data and a plain error for the
 * client. An exception's message may quote a document, so only its class and the code position are written down.
 */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';

export interface Log { error(line: string): void }

export class Boundary {
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  /** Wraps a request handler. `ResponseError`s pass through: they were meant for the client. */
  request<P extends unknown[], R>(name: string, handler: (...params: P) => R | Promise<R>): (...params: P) => Promise<R> {
    return async (...params) => {
      try {
        return await handler(...params);
      } catch (error) {
        if (isForClient(error)) throw new ResponseError(error.code, error.message, error.data);
        this.report(name, error);
        throw new ResponseError(LSPErrorCodes.RequestFailed, `PII Gate could not answer ${name}. The server log says where it failed.`);
      }
    };
  }

  /** Wraps a notification handler or a timer. */
  event<P extends unknown[]>(name: string, handler: (...params: P) => void | Promise<void>): (...params: P) => void {
    return (...params) => {
      void (async () => handler(...params))().catch((error: unknown) => this.report(name, error));
    };
  }

  private report(name: string, error: unknown): void {
    this.log.error(`${name} failed: ${describe(error)}`);
  }
}

/** By shape, not by class: the gate's bundle holds a class of its own. */
function isForClient(error: unknown): error is ResponseError<unknown> {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'toJson' in error;
}

/** Class and stack frames only. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 6).map((line) => line.trim());
  return [error.name, ...frames].join(' | ');
}
