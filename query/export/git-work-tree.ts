/** Whether a file would become part of a Git repository: exports of personal data must not be committed by accident. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ignore from 'ignore';

export interface WorkTree {
  readonly root: string;
  /** The line that ignores the file and its manifest, for `.gitignore` at the root. */
  readonly pattern: string;
}

/** Undefined when the file lies in no work tree, or is ignored there already. Reads `.gitignore` files only, runs nothing. */
export function committable(file: string): WorkTree | undefined {
  const folders: string[] = [];
  let at = path.dirname(file);
  while (!existsSync(path.join(at, '.git'))) {
    folders.unshift(at);
    const up = path.dirname(at);
    if (up === at) return undefined;
    at = up;
  }
  const root = at;
  if ([root, ...folders].some((folder) => ignoredBy(folder, file)) || ignoredBy(root, file, '.git/info/exclude')) return undefined;
  const relative = path.relative(root, file).split(path.sep).join('/');
  return { root, pattern: `/${relative.replace(/[\\*?[\]!# ]/g, '\\$&')}*` };
}

function ignoredBy(folder: string, file: string, name = '.gitignore'): boolean {
  try {
    const relative = path.relative(folder, file).split(path.sep).join('/');
    return ignore().add(readFileSync(path.join(folder, name), 'utf8')).ignores(relative);
  } catch {
    return false;
  }
}
