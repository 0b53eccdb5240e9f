/** `.pii-gate.inventory.yaml` of each workspace folder: where the databases hold personal data, as scanned and corrected. */
import type { InventoryEntry } from '#core/statement/inventory.ts';
import type { ReadText } from './policy-store.ts';

export const inventoryFile = '.pii-gate.inventory.yaml';

export type ParseInventory = (text: string, source: string) => Promise<readonly InventoryEntry[]>;

export class WorkspaceInventory {
  private readonly read: ReadText;
  private readonly parse: ParseInventory;
  private readonly kept = new Map<string, { readonly text: string; readonly entries: Promise<readonly InventoryEntry[]> }>();

  constructor(read: ReadText, parse: ParseInventory) {
    this.read = read;
    this.parse = parse;
  }

  /** Entries of these folders' files. Each file is read anew, and parsed when its text is another one. */
  async entries(folders: readonly (string | undefined)[]): Promise<readonly InventoryEntry[]> {
    const all = await Promise.all(folders.map((folder) => (folder === undefined ? [] : this.of(`${folder}/${inventoryFile}`))));
    return all.flat();
  }

  private async of(uri: string): Promise<readonly InventoryEntry[]> {
    const text = await this.read(uri);
    if (text === undefined) return [];
    const known = this.kept.get(uri);
    if (known?.text === text) return known.entries;
    const entries = this.parse(text, inventoryFile);
    this.kept.set(uri, { text, entries });
    return entries;
  }
}
