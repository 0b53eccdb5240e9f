/** The rule packs that ship with PII Gate, read from the YAML files beside this module. The build replaces this module by their parsed form. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Rule, RulePack } from '#core/rules/rule.ts';
import { withOwnName } from './own-name.ts';

/** A pack as written: what a pack's `defaults` say needn't be repeated in its rules. */
interface PackFile {
  readonly scope: string;
  readonly defaults?: Partial<Rule>;
  readonly rules: readonly Rule[];
}

/** Sorted by file name, so that rule order is the same everywhere. Throws when a pack is not YAML: a broken shipped pack is a broken build. */
export function builtinPacks(): readonly RulePack[] {
  const folder = new URL('.', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const { scope, defaults, rules } = parse(readFileSync(new URL(name, folder), 'utf8')) as PackFile;
      return { source: name, scope, rules: rules.map((rule) => withOwnName({ ...defaults, ...rule }, scope)) };
    });
}
