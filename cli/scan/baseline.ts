/**
 * The baseline: findings that are known and do not count. Per file and entity the keyed fingerprints of values, so that
 * moving a value within its file is not news, and so that the file can be committed: without the key it says nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { UserError } from '../exit.ts';
import { keyId } from '#files/fingerprint.ts';
import type { FileReport, Placed } from '#files/report.ts';
import { reasonOf } from '#files/walk.ts';

type Entries = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
interface BaselineFile { readonly version: 1; readonly keyId: string; readonly files: Entries }

export class Baseline {
  private readonly known: Entries;

  private constructor(known: Entries) {
    this.known = known;
  }

  /** @throws UserError when it can't be read, is no baseline, or was made with another key. */
  static read(path: string, key: Uint8Array): Baseline {
    let file: Partial<BaselineFile>;
    try {
      file = JSON.parse(readFileSync(path, 'utf8')) as Partial<BaselineFile>;
    } catch (error) {
      throw new UserError(`the baseline ${path} ${error instanceof SyntaxError ? 'is not JSON' : reasonOf(error)}. Make it with --update-baseline.`);
    }
    if (file.version !== 1 || typeof file.files !== 'object' || file.files === null) throw new UserError(`${path} is no baseline of version 1. Make it anew with --update-baseline.`);
    if (file.keyId !== keyId(key)) throw new UserError(`the baseline ${path} was made with another key: set PII_GATE_KEY to that one, or make it anew with --update-baseline.`);
    return new Baseline(file.files);
  }

  /** The report without known findings, and how many were known. */
  filter(report: FileReport): { readonly report: FileReport; readonly known: number } {
    const entities = this.known[normal(report.path)];
    if (entities === undefined) return { report: { ...report, findings: report.findings.map(withoutFingerprint) }, known: 0 };
    const fresh = report.findings.filter(({ entity, fingerprint }) => fingerprint === undefined || !(entities[entity]?.includes(fingerprint) ?? false));
    return { report: { ...report, findings: fresh.map(withoutFingerprint) }, known: report.findings.length - fresh.length };
  }
}

/** Collects what a scan finds and writes it down sorted, for small diffs. */
export class BaselineWriter {
  private readonly files = new Map<string, Map<string, Set<string>>>();

  add(report: FileReport): void {
    for (const { entity, fingerprint, reserved } of report.findings) {
      if (fingerprint === undefined || reserved === true) continue;
      const path = normal(report.path);
      const entities = this.files.get(path) ?? new Map<string, Set<string>>();
      this.files.set(path, entities);
      const values = entities.get(entity) ?? new Set<string>();
      entities.set(entity, values.add(fingerprint));
    }
  }

  /** @throws UserError when it can't be written. */
  write(path: string, key: Uint8Array): void {
    const files = Object.fromEntries([...this.files].sort(byName).map(([name, entities]) => [name, Object.fromEntries([...entities].sort(byName).map(([entity, values]) => [entity, [...values].sort()]))]));
    try {
      writeFileSync(path, `${JSON.stringify({ version: 1, keyId: keyId(key), files }, null, 2)}\n`);
    } catch (error) {
      throw new UserError(`the baseline ${path} ${reasonOf(error)}.`);
    }
  }
}

function byName(left: readonly [string, unknown], right: readonly [string, unknown]): number {
  return left[0] < right[0] ? -1 : left[0] > right[0] ? 1 : 0;
}

function normal(path: string): string {
  return path.replaceAll('\\', '/').replace(/^\.\//, '');
}

function withoutFingerprint(finding: Placed): Placed {
  const { fingerprint: _fingerprint, ...rest } = finding;
  return rest;
}
