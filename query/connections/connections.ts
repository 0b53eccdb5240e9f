/** The configured connections: sessions to work with, and what their catalogues hold. */
import type { ConnectionIdentity } from '#core/wire/approval.ts';
import type { ConnectionSettings } from '#core/wire/protocol.ts';
import type { Catalogue } from '#core/statement/catalogue.ts';
import { DatabaseError, type Session } from '#query/drivers/driver.ts';
import type { Drivers } from '#query/drivers/registry.ts';

export type LoadCatalogue = (session: Session, signal?: AbortSignal) => Promise<Catalogue>;

/** A session for one piece of work. */
export interface Lease {
  readonly session: Session;
  /** Gives it back; `broken` sessions are closed instead of kept. */
  release(broken?: boolean): void;
}

interface Entry {
  readonly settings: ConnectionSettings;
  readonly fingerprint: string;
  idle?: { readonly session: Session; readonly timer: NodeJS.Timeout };
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

  /** Throws `DatabaseError`. */
  async acquire(id: string, signal?: AbortSignal): Promise<Lease> {
    const entry = this.#entries.get(id);
    if (!entry) throw new DatabaseError('settings', `There is no connection "${id}". Choose one that is configured.`);
    const session = this.#takeIdle(entry) ?? await this.#connect(entry, signal);
    let released = false;
    return {
      session,
      release: (broken = false) => {
        if (released) return;
        released = true;
        if (broken || entry.idle || this.#entries.get(id) !== entry) { void session.close().catch(() => undefined); return; }
        const timer = setTimeout(() => { void this.#takeIdle(entry)?.close().catch(() => undefined); }, IDLE_MS);
        timer.unref();
        entry.idle = { session, timer };
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
    const sessions = [...this.#entries.values()].flatMap((e) => this.#takeIdle(e) ?? []);
    this.#entries = new Map();
    this.#passwords = {};
    await Promise.allSettled(sessions.map((s) => s.close()));
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

  #takeIdle(entry: Entry): Session | undefined {
    const { idle } = entry;
    if (!idle) return undefined;
    clearTimeout(idle.timer);
    delete entry.idle;
    return idle.session;
  }

  #drop(entry: Entry): void { void this.#takeIdle(entry)?.close().catch(() => undefined); }
}
