/** The inventory file of a workspace folder, as it lies on disk: read for changing, and written whole or not at all. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inventoryFileName, InventoryFileError } from '#query/inventory/inventory-file.ts';
import type { OpenTexts } from '../documents/open-texts.ts';

export interface InventoryFile {
  readonly uri: string;
  readonly path: string;
  /** Undefined: there is no such file yet. */
  readonly text: string | undefined;
}

/** @throws InventoryFileError where the folder is not on this disk, or the file has changes in the editor that are not saved */
export function openInventoryFile(folder: string, texts: Pick<OpenTexts, 'get'>): InventoryFile {
  if (!folder.startsWith('file:')) throw new InventoryFileError('The inventory file can only be written to a folder on this disk.');
  const file = path.join(fileURLToPath(folder), inventoryFileName);
  const uri = pathToFileURL(file).href;
  let text: string | undefined;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new InventoryFileError(`${inventoryFileName} could not be read (${code}).`);
  }
  const shown = texts.get(uri)?.text();
  if (shown !== undefined && shown !== text) throw new InventoryFileError(`${inventoryFileName} has changes that are not saved. Save it first; nothing was changed.`);
  return { uri, path: file, text };
}

/** By a new file beside it that takes its place: a crash leaves the old one or the new one, never a part. */
export function replaceInventoryFile(file: InventoryFile, text: string): void {
  const beside = `${file.path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const mode = file.text === undefined ? 0o644 : statSync(file.path).mode & 0o777;
    const fd = openSync(beside, 'wx', mode);
    try {
      writeSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, file.path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new InventoryFileError(`${inventoryFileName} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Nothing was changed.`);
  }
}
