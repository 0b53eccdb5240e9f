/**
 * A file whose parsed form is swapped whole when it changes for the better: a bad version is reported and the good one stays.
 * Polled by modification time, because that also works for files that are renamed into place and for network folders.
 */
import { unwatchFile, watchFile, type StatsListener } from 'node:fs';
import { readFile } from 'node:fs/promises';

export interface LiveFile<T> {
  current(): T;
  /** Problems of the version on disk, when it is not the one in use. */
  problems(): readonly string[];
  /** Reads again now. True when the value was replaced. */
  reload(): Promise<boolean>;
  close(): void;
}

export interface LiveFileOptions<T> {
  readonly path: string;
  readonly first: T;
  /** The new value, or what is wrong with it as `file:line:column: message`. */
  readonly parse: (text: string) => { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly string[] };
  readonly same: (a: T, b: T) => boolean;
  readonly onReplaced: (value: T, before: T) => Promise<void>;
  readonly onRejected: (problems: readonly string[]) => Promise<void>;
  /** Milliseconds between looks. */
  readonly pollMs: number;
}

export function watchLiveFile<T>(options: LiveFileOptions<T>): LiveFile<T> {
  let value = options.first;
  let problems: readonly string[] = [];
  let busy = Promise.resolve(false);

  async function load(): Promise<boolean> {
    let text: string;
    try {
      text = await readFile(options.path, 'utf8');
    } catch {
      return reject([`${options.path}: can't be read; the version in use stays`]);
    }
    const parsed = options.parse(text);
    if (!parsed.ok) return reject(parsed.problems);
    problems = [];
    if (options.same(parsed.value, value)) return false;
    const before = value;
    value = parsed.value;
    await options.onReplaced(value, before);
    return true;
  }

  async function reject(found: readonly string[]): Promise<false> {
    if (found.join('\n') !== problems.join('\n')) {
      problems = found;
      await options.onRejected(found);
    }
    return false;
  }

  /** One after the other: a slow read can't put an older version back. */
  function reload(): Promise<boolean> {
    busy = busy.catch(() => false).then(load);
    return busy;
  }

  const listener: StatsListener = (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) reload().catch(() => undefined);
  };
  watchFile(options.path, { interval: options.pollMs, persistent: false }, listener);
  return {
    current: () => value,
    problems: () => problems,
    reload,
    close: () => unwatchFile(options.path, listener),
  };
}
