/** The rule packs that ship with PII Gate, read from the YAML files beside this module. The build replaces this module by their parsed form. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { RulePack } from '#core/rules/rule.ts';

/** Sorted by file name, so that rule order is the same everywhere. Throws when a pack is not YAML: a broken shipped pack is a broken build. */
export function builtinPacks(): readonly RulePack[] {
  const folder = new URL('.', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ ...(parse(readFileSync(new URL(name, folder), 'utf8')) as Omit<RulePack, 'source'>), source: name }));
}
