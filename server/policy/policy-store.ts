/** The workspace policies: one `.pii-gate.yaml` per workspace folder, read when first needed and again when it changes. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ParsedPolicy, WorkspacePolicy } from '#core/policy/workspace-policy.ts';

export const policyFileName = '.pii-gate.yaml';

/** A folder's policy. The same object until the file changes. */
export interface FolderPolicy {
  /** URI of the folder; undefined for documents outside every folder. */
  readonly folder: string | undefined;
  readonly policy: WorkspacePolicy;
}

export type ReadText = (uri: string) => Promise<string | undefined>;
export type ParsePolicy = (text: string) => Promise<ParsedPolicy>;

export class PolicyStore {
  private folders: readonly string[];
  private readonly read: ReadText;
  private readonly kept = new Map<string, Promise<FolderPolicy>>();
  private readonly parse: ParsePolicy;
  private nowhere: Promise<FolderPolicy> | undefined;

  constructor(folders: readonly string[], parse: ParsePolicy, read: ReadText = readFromDisk) {
    this.folders = folders.map(trimSlash);
    this.parse = parse;
    this.read = read;
  }

  setFolders(folders: readonly string[]): void {
    this.folders = folders.map(trimSlash);
    this.kept.clear();
  }

  /** Reads the folder's file again on the next use; without a URI all of them. */
  changed(uri?: string): void {
    const folder = uri === undefined ? undefined : this.folderOf(uri);
    if (folder === undefined) this.kept.clear();
    else this.kept.delete(folder);
  }

  /** The innermost workspace folder that holds the document; an untitled document belongs to the only folder there is. */
  folderOf(uri: string): string | undefined {
    const within = this.folders.filter((folder) => uri.startsWith(`${folder}/`)).sort((left, right) => right.length - left.length);
    if (within.length > 0) return within[0];
    return uri.startsWith('untitled:') && this.folders.length === 1 ? this.folders[0] : undefined;
  }

  of(uri: string): Promise<FolderPolicy> {
    const folder = this.folderOf(uri);
    if (folder === undefined) {
      this.nowhere ??= this.parse('').then(({ policy }) => ({ folder: undefined, policy }));
      return this.nowhere;
    }
    const known = this.kept.get(folder);
    if (known !== undefined) return known;
    const loaded = this.load(folder);
    this.kept.set(folder, loaded);
    return loaded;
  }

  /** The policy that holds for a document; without one those of all folders. */
  all(uri?: string): Promise<readonly FolderPolicy[]> {
    return Promise.all(uri === undefined ? this.folders.map((folder) => this.of(`${folder}/`)) : [this.of(uri)]);
  }

  /** Where the policy of a folder is or would be. */
  fileOf(folder: string): string {
    return `${folder}/${policyFileName}`;
  }

  /** A policy file's text as saved; undefined when there is none. */
  text(uri: string): Promise<string | undefined> {
    return this.read(uri);
  }

  private async load(folder: string): Promise<FolderPolicy> {
    const text = await this.read(this.fileOf(folder));
    return { folder, policy: (await this.parse(text ?? '')).policy };
  }
}

/** Undefined when there is no such file or it can't be read from here (remote schemes). */
export async function readFromDisk(uri: string): Promise<string | undefined> {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return await readFile(fileURLToPath(uri), 'utf8');
  } catch {
    return undefined;
  }
}

function trimSlash(uri: string): string {
  return uri.endsWith('/') ? uri.slice(0, -1) : uri;
}
