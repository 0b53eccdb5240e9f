/** The configured connections: sessions to work with, and what their catalogues hold. */
import type { ConnectionIdentity } from '#core/wire/approval.ts';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { Catalogue } from '#core/statement/catalogue.ts';
import type { Dialect } from '#core/wire/statement.ts';
import { DatabaseError, type Driver, type Session } from '#query/drivers/driver.ts';
import type { Drivers } from '#query/drivers/registry.ts';

export type LoadCatalogue = (session: Session, signal?: AbortSignal) => Promise<Catalogue>;

/** A session for one piece of work. */
export interface Lease {
  readonly session: Session;
  /**
   * Gives it back. `broken` sessions are closed instead of kept, and so are `marked` ones: a statement that needed an approval
   * may have left variables, settings, temporary tables or prepared statements, which the next one could show unasked.
   * A manual transaction keeps its session all the same.
   */
  release(broken?: boolean, marked?: boolean): void;
}

interface Entry {
  readonly settings: ConnectionSettings;
  readonly fingerprint: string;
  idle?: { readonly session: Session; readonly timer: NodeJS.Timeout };
  /** A fresh session on its way, in the place of a marked one. */
  refilling?: Promise<void>;
  /** A manual transaction: all work goes through its session, one statement at a time. */
  transaction?: { readonly session: Session; busy: boolean };
  catalogue?: { readonly at: number; readonly value: Promise<Catalogue> };
}

/** How long an unused session is kept open, milliseconds. */
const IDLE_MS = 60_000;

export class Connections {
  readonly #drivers: Drivers;
  readonly #loadCatalogue: LoadCatalogue;
  readonly #now: () => number;
  #entries = new Map<string, Entry>();
  #passwords: Readonly<Record<string, string>> = {};

  constructor(drivers: Drivers, loadCatalogue: LoadCatalogue, now: () => number) {
    this.#drivers = drivers;
    this.#loadCatalogue = loadCatalogue;
    this.#now = now;
  }

  configure(settings: readonly ConnectionSettings[], passwords: Readonly<Record<string, string>>): void {
    const before = this.#entries;
    this.#entries = new Map(settings.map((s) => {
      const fingerprint = JSON.stringify([s, passwords[s.id] ?? '']);
      const known = before.get(s.id);
      return [s.id, known?.fingerprint === fingerprint ? known : { settings: s, fingerprint }];
    }));
    this.#passwords = passwords;
    for (const entry of before.values()) if (this.#entries.get(entry.settings.id) !== entry) this.#drop(entry);
  }

  list(): readonly ConnectionSettings[] { return [...this.#entries.values()].map((e) => e.settings); }
  get(id: string): ConnectionSettings | undefined { return this.#entries.get(id)?.settings; }

  /** For a session of another user than the connection's own. */
  driver(dialect: Dialect): Promise<Driver> { return this.#drivers(dialect); }

  /** Throws `DatabaseError`. */
  async acquire(id: string, signal?: AbortSignal): Promise<Lease> {
    const entry = this.#entries.get(id);
    if (!entry) throw new DatabaseError('settings', `There is no connection "${id}". Choose one that is configured.`);
    const { transaction } = entry;
    if (transaction) {
      if (transaction.busy) throw new DatabaseError('query', 'Another statement runs in this transaction. Wait for it, or cancel it.');
      transaction.busy = true;
      return {
        session: transaction.session,
        release: (broken = false) => {
          transaction.busy = false;
          if (broken && entry.transaction === transaction && entry.settings.dialect === 'sqlite') {
            // Its process is gone, and the transaction with it.
            delete entry.transaction;
            void transaction.session.close().catch(() => undefined);
          }
        },
      };
    }
    if (!entry.idle) await entry.refilling;
    signal?.throwIfAborted();
    const session = this.#takeIdle(entry) ?? await this.#connect(entry, signal);
    let released = false;
    return {
      session,
      release: (broken = false, marked = false) => {
        if (released) return;
        released = true;
        if (broken || marked || !this.#mayKeep(entry)) {
          void session.close().catch(() => undefined);
          // The next statement should not have to wait for a connection.
          if (marked && !broken) this.#refill(entry);
          return;
        }
        this.#keep(entry, session);
      },
    };
  }

  /** @param maxAgeMs a catalogue read longer ago is read again: somebody may have changed a view since */
  async catalogue(id: string, session: Session | undefined, maxAgeMs: number, signal?: AbortSignal): Promise<Catalogue> {
    const entry = this.#entries.get(id);
    if (!entry) throw new DatabaseError('settings', `There is no connection "${id}". Choose one that is configured.`);
    if (entry.catalogue && this.#now() - entry.catalogue.at <= maxAgeMs) return entry.catalogue.value;
    const value = session ? this.#loadCatalogue(session, signal) : this.#loadWithLease(id, signal);
    const kept = { at: this.#now(), value };
    entry.catalogue = kept;
    value.catch(() => { if (entry.catalogue === kept) delete entry.catalogue; });
    return value;
  }

  /** Opens, ends or looks at a manual transaction. Throws `DatabaseError`. */
  async transaction(id: string, action: 'begin' | 'commit' | 'rollback' | 'state'): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (!entry) throw new DatabaseError('settings', `There is no connection "${id}". Choose one that is configured.`);
    const { settings } = entry;
    if (action === 'state') return entry.transaction !== undefined;
    if (action === 'begin') {
      if (entry.transaction) return true;
      if (settings.environment === 'production' || settings.environment === 'critical') throw new DatabaseError('read-only', `${settings.name} is ${settings.environment}: manual transactions are for development and staging.`);
      if (settings.readOnly !== false) throw new DatabaseError('read-only', `${settings.name} is read-only: there is nothing to commit. Set "readOnly": false on the connection.`);
      const { session } = await this.acquire(id);
      await ask(session, settings.dialect === 'sqlserver' ? 'BEGIN TRANSACTION' : settings.dialect === 'trino' ? 'START TRANSACTION' : 'BEGIN');
      entry.transaction = { session, busy: false };
      return true;
    }
    const open = entry.transaction;
    if (!open) return false;
    if (open.busy) throw new DatabaseError('query', 'A statement still runs in this transaction. Wait for it, or cancel it.');
    delete entry.transaction;
    try { await ask(open.session, action === 'commit' ? 'COMMIT' : 'ROLLBACK'); } finally { await open.session.close().catch(() => undefined); }
    this.forgetCatalogue(id);
    return false;
  }

  /** After a statement that may have changed the schema. */
  forgetCatalogue(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) delete entry.catalogue;
  }

  /** What an approval is bound to before a session exists. */
  identity(settings: ConnectionSettings, session?: Session): ConnectionIdentity {
    const databaseUser = session ? session.databaseUser : settings.dialect === 'sqlite' ? '' : settings.user ?? '';
    return { id: settings.id, environment: settings.environment, databaseUser };
  }

  async dispose(): Promise<void> {
    // A transaction that was not committed is rolled back by the server when its session ends.
    const refilling = [...this.#entries.values()].flatMap((e) => e.refilling ?? []);
    const sessions = [...this.#entries.values()].flatMap((e) => [this.#takeIdle(e) ?? [], e.transaction?.session ?? []].flat());
    this.#entries = new Map();
    this.#passwords = {};
    await Promise.allSettled([...sessions.map((s) => s.close()), ...refilling]);
  }

  async #loadWithLease(id: string, signal?: AbortSignal): Promise<Catalogue> {
    const lease = await this.acquire(id, signal);
    let broken = true;
    try {
      const catalogue = await this.#loadCatalogue(lease.session, signal);
      broken = false;
      return catalogue;
    } finally { lease.release(broken); }
  }

  async #connect({ settings }: Entry, signal?: AbortSignal): Promise<Session> {
    const driver = await this.#drivers(settings.dialect);
    return driver.connect(settings, this.#passwords[settings.id] ?? '', signal);
  }

  #mayKeep(entry: Entry): boolean { return !entry.idle && this.#entries.get(entry.settings.id) === entry; }

  #keep(entry: Entry, session: Session): void {
    const timer = setTimeout(() => { void this.#takeIdle(entry)?.close().catch(() => undefined); }, IDLE_MS);
    timer.unref();
    entry.idle = { session, timer };
  }

  #refill(entry: Entry): void {
    if (entry.refilling || !this.#mayKeep(entry)) return;
    const done = this.#connect(entry).then(async (session) => {
      if (this.#mayKeep(entry)) this.#keep(entry, session);
      else await session.close();
    }).catch(() => undefined).then(() => { delete entry.refilling; });
    entry.refilling = done;
  }

  #takeIdle(entry: Entry): Session | undefined {
    const { idle } = entry;
    if (!idle) return undefined;
    clearTimeout(idle.timer);
    delete entry.idle;
    return idle.session;
  }

  #drop(entry: Entry): void {
    void this.#takeIdle(entry)?.close().catch(() => undefined);
    void entry.transaction?.session.close().catch(() => undefined);
  }
}

/** Our own one-word statements. */
async function ask(session: Session, sql: string): Promise<void> {
  for await (const _ of session.execute(sql, [], { maxRows: 1, pageSize: 1, timeoutMs: 30_000 })) { /* no rows */ }
}
