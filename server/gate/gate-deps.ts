/** What the gate gets from the rest of the server. */
import type { Connection, Diagnostic } from 'vscode-languageserver/node';
import type { Detector } from '#core/engine/detector.ts';
import type { Masker } from '#core/masking/masker.ts';
import type { DataPolicy } from '#query/results/data-policy.ts';
import type { ParserPaths } from '#query/understanding/statement-tools.ts';
import type { OpenTexts } from '../documents/open-texts.ts';

export interface GateDeps {
  readonly texts: OpenTexts;
  readonly detector: () => Promise<Detector>;
  /** Keyed with the installation key as it is now. */
  readonly masker: () => Promise<Masker>;
  readonly installationKey: { get(): Uint8Array; set(key: Uint8Array): void };
  readonly trust: { get(): boolean; set(trusted: boolean): void };
  /** Of the workspace folder that holds the document; of all of them without a document. */
  readonly dataPolicy: (uri?: string) => Promise<DataPolicy>;
  /** Called whenever `extraDiagnostics(uri)` would answer something else. */
  readonly diagnosticsChanged: (uri: string) => void;
  readonly boundary: {
    request<P extends unknown[], R>(name: string, handler: (...params: P) => R | Promise<R>): (...params: P) => Promise<R>;
    event<P extends unknown[]>(name: string, handler: (...params: P) => void | Promise<void>): (...params: P) => void;
  };
  readonly paths: ParserPaths & {
    /** `sqlite-process.ts` from source, `sqlite-process.js` from the build. */
    readonly sqliteProcess: string;
    /** Where raw rows spill to, encrypted. */
    readonly temporary: string;
  };
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number;
  /** Bytes of raw rows kept in memory, all results together. Default 64 MiB. */
  readonly resultMemory?: number;
}

/** A rewrite of a statement, in offsets of the document. */
export interface GateAction {
  readonly title: string;
  readonly edits: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  readonly preferred?: boolean;
}

export interface GateHandle {
  /** Denied and voided statements of a document, to be shown with its other diagnostics. */
  extraDiagnostics(uri: string): readonly Diagnostic[];
  /** Ways to rewrite the statements that touch the span (UTF-16 offsets of the document). */
  codeActions?(uri: string, start: number, end: number): Promise<readonly GateAction[]>;
  dispose(): Promise<void>;
}

export type GateConnection = Pick<Connection, 'onRequest' | 'sendNotification'>;
