/** A database server that a test has started for itself. */
import type { ConnectionSettings } from '../../core/wire/protocol.ts';

export interface StartedDatabase {
  /** Settings of a connection as its owner; copy and change `environment`, `readOnly` and so on as a test needs. */
  readonly settings: ConnectionSettings;
  readonly password: string;
  /** Runs SQL directly with the vendor's own client library, past everything of ours: to plant data. */
  run(sql: string): Promise<void>;
  /** The same, with its rows. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  stop(): Promise<void>;
}
