/** The files of a tree, `.gitignore` respected as git does: nested files, negation, and those of the parents up to the repository's root. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

export type Walked = { readonly path: string; readonly size: number } | { readonly path: string; readonly error: string };

export interface WalkOptions {
  /** False: scan ignored files, too. */
  readonly gitignore: boolean;
  /** Further globs to leave out, relative to `cwd`. */
  readonly exclude: readonly string[];
  readonly cwd: string;
}

interface Rules { readonly folder: string; readonly matcher: Ignore }

/** Depth first, names sorted, so that output is the same everywhere. Symbolic links are not followed. A named file is always taken. */
export function* walk(paths: readonly string[], options: WalkOptions): Generator<Walked> {
  const excluded = options.exclude.length === 0 ? undefined : { folder: options.cwd, matcher: ignore().add([...options.exclude]) };
  for (const path of paths) {
    const absolute = resolve(options.cwd, path);
    let stat: ReturnType<typeof statSync>;
    try {
      stat = statSync(absolute);
    } catch (error) {
      yield { path, error: reasonOf(error) };
      continue;
    }
    if (!stat.isDirectory()) {
      if (stat.isFile()) yield { path, size: stat.size };
      else yield { path, error: 'is neither a file nor a folder' };
      continue;
    }
    const above = options.gitignore ? rulesAbove(absolute) : [];
    yield* folder(path, absolute, excluded === undefined ? above : [...above, excluded], options);
  }
}

function* folder(shown: string, absolute: string, inherited: readonly Rules[], options: WalkOptions): Generator<Walked> {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(absolute);
  } catch (error) {
    yield { path: shown, error: reasonOf(error) };
    return;
  }
  const own = options.gitignore && entries.some((entry) => entry.name === '.gitignore') ? rulesOf(absolute) : undefined;
  const rules = own === undefined ? inherited : [...inherited, own];
  for (const entry of entries) {
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) continue;
    if (isFolder && entry.name === '.git') continue;
    const path = join(absolute, entry.name);
    if (isIgnored(path, isFolder, rules)) continue;
    const name = shown === '.' ? entry.name : join(shown, entry.name);
    if (isFolder) yield* folder(name, path, rules, options);
    else yield { path: name, size: -1 };
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

/** The innermost file that says anything decides, as in git. */
function isIgnored(path: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (let index = rules.length - 1; index >= 0; index--) {
    const { folder: root, matcher } = rules[index]!;
    const local = path.slice(root.length + 1);
    const verdict = matcher.test(sep === '/' ? (isFolder ? `${local}/` : local) : local.replaceAll(sep, '/') + (isFolder ? '/' : ''));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

/** `.gitignore` files from the repository's root down to the folder's parent, and `.git/info/exclude`. */
function rulesAbove(folder: string): readonly Rules[] {
  const chain: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    chain.unshift(at);
    if (existsSync(join(at, '.git'))) break;
    if (dirname(at) === at) return [];
  }
  const root = chain[0]!;
  const rules: Rules[] = [];
  const exclude = join(root, '.git', 'info', 'exclude');
  if (existsSync(exclude)) rules.push({ folder: root, matcher: ignore().add(readFileSync(exclude, 'utf8')) });
  for (const parent of chain.slice(0, -1)) if (existsSync(join(parent, '.gitignore'))) rules.push(rulesOf(parent));
  return rules.filter(({ folder: at }) => relative(at, folder) === '' || !relative(at, folder).startsWith('..'));
}

function rulesOf(folder: string): Rules {
  return { folder, matcher: ignore().add(readFileSync(join(folder, '.gitignore'), 'utf8')) };
}

/** Our own words for what the system says; no stack, no absolute path. */
export function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read (permission denied)';
    case 'EISDIR':
      return 'is a folder';
    case 'ELOOP':
      return 'is a loop of symbolic links';
    default:
      return `could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
  }
}
