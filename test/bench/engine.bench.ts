/**
 * `node test/bench/engine.bench.ts [--json]`: speed of the detection engine. Not a test: nothing here passes or fails.
 * PII_GATE_BENCH_PEERS=DIR also runs openredaction and redact-pii, installed into DIR/node_modules beforehand.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { builtinPacks } from '#rules';
import { mix, seeded } from './mix.ts';

export interface Measure { readonly name: string; readonly value: number; readonly unit: string; readonly note?: string }

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const quantile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

export async function measureEngine(): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  const add = (name: string, value: number, unit: string, note?: string): void => { measures.push({ name, value, unit, ...(note === undefined ? {} : { note }) }); };
  const timed = (work: () => void): number => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };

  let packs = builtinPacks();
  add('parse the rule packs (YAML, in development only)', timed(() => { packs = builtinPacks(); }), 'ms');
  let detector = createDetector(packs, createRe2());
  add('create a detector', timed(() => { detector = createDetector(packs, createRe2()); }), 'ms', `${packs.reduce((sum, pack) => sum + pack.rules.length, 0)} rules`);

  const parts = mix();
  const total = parts.reduce((sum, part) => sum + part.text.length, 0);
  const scanAll = (): number => parts.reduce((sum, part) => sum + detector.scan(part.text, { languageId: part.languageId, maxFindings: 1e6 }).findings.length, 0);
  let findings = 0;
  const cold = timed(() => { findings = scanAll(); });
  add('first scan of the 1 MB mix (cold)', total / 1e3 / cold, 'MB/s', `${findings} findings`);
  const runs = Array.from({ length: 30 }, () => timed(scanAll)).slice(10);
  add('scan of the 1 MB mix (warm, median of 20)', total / 1e3 / median(runs), 'MB/s');
  for (const part of parts) {
    const times = Array.from({ length: 15 }, () => timed(() => detector.scan(part.text, { languageId: part.languageId, maxFindings: 1e6 }))).slice(5);
    add(`  ${part.languageId}`, part.text.length / 1e3 / median(times), 'MB/s');
  }

  for (const [name, text] of adversarial()) {
    const half = text.slice(0, text.length / 2);
    detector.scan(half, {});
    const small = Math.min(...Array.from({ length: 3 }, () => timed(() => detector.scan(half, {}))));
    const large = Math.min(...Array.from({ length: 3 }, () => timed(() => detector.scan(text, {}))));
    add(`hostile: ${name}`, text.length / 1e3 / large, 'MB/s', `double the text, ${(large / Math.max(small, 0.01)).toFixed(2)} × the time`);
  }

  compareRipgrep(parts.map((part) => part.text).join('\n'), median(runs) / total, add);
  await keystrokes(add);
  memory(add);
  const peers = process.env['PII_GATE_BENCH_PEERS'];
  if (peers) await comparePeers(peers, parts.map((part) => part.text).join('\n'), add);
  return measures;

  async function keystrokes(report: typeof add): Promise<void> {
    const csv = mix(30_000_000, 5)[2]!.text;
    const live = detector.open(csv, { languageId: 'csv' });
    const random = seeded(9);
    const times: number[] = [];
    for (let i = 0; i < 400; i++) {
      const at = 5_000 + random(csv.length - 10_000);
      const start = performance.now();
      void live.update([{ start: at, end: at, text: String(random(10)) }]).findings.length;
      times.push(performance.now() - start);
    }
    report('keystroke in a 10 MB CSV, 2,000 findings read, p50', quantile(times.slice(100), 0.5), 'ms');
    report('keystroke in a 10 MB CSV, 2,000 findings read, p99', quantile(times.slice(100), 0.99), 'ms');
  }

  function memory(report: typeof add): void {
    if (!globalThis.gc) return;
    const [code] = mix(30_000_000, 3);
    globalThis.gc();
    const before = process.memoryUsage();
    let peak = 0;
    const result = detector.scan(code!.text, { languageId: 'typescript' });
    peak = process.memoryUsage().heapUsed - before.heapUsed;
    report('heap after a 10 MB scan, garbage included', peak / code!.text.length, '× the document', `${result.findings.length} findings kept`);
    globalThis.gc();
    report('  and without garbage', (process.memoryUsage().heapUsed - before.heapUsed) / code!.text.length, '× the document');
  }
}

function adversarial(): readonly (readonly [string, string])[] {
  const size = 1 << 20;
  const repeat = (unit: string): string => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  return [
    ['a@a@a@…', repeat('a@')], ['dots', repeat('.')], ['digits', repeat('1234567890')], ['digits and spaces', repeat('4539 1488 ')], ['quotes', repeat('"\'')], ['commas', repeat(',')],
    ['letters in one line', repeat('abcdefgh')], ['lone surrogates', repeat('\ud800')], ['colons', repeat('a:')], ['brackets', repeat('{"a":[')], ['dashes', repeat('1-')], ['key=', repeat('ssn=1 ')], ['tables', repeat('|--|--|\n')],
  ];
}

/** What one pass of ripgrep costs for the three commonest patterns: e-mail address, IPv4 address, grouped SSN. Its start is taken off. */
function compareRipgrep(text: string, ourMsPerUnit: number, report: (name: string, value: number, unit: string, note?: string) => void): void {
  const rg = ripgrep();
  if (rg === undefined) {
    report('ripgrep: not installed, not compared', 0, 'MB/s');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'pii-gate-rg-'));
  try {
    const copies = 64;
    writeFileSync(join(folder, 'mix'), text.repeat(copies));
    writeFileSync(join(folder, 'one'), 'x');
    const patterns = ['-e', '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}', '-e', '\\b\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\b', '-e', '\\b\\d{3}-\\d{2}-\\d{4}\\b'];
    const cost = (name: string): number => Math.min(...Array.from({ length: 5 }, () => {
      const start = performance.now();
      spawnSync(rg, ['--count-matches', '--threads', '1', '--no-config', ...patterns, join(folder, name)]);
      return performance.now() - start;
    }));
    const perUnit = (cost('mix') - cost('one')) / (text.length * copies);
    report('ripgrep, three patterns, the mix', 1 / 1e3 / perUnit, 'MB/s', `we take ${(ourMsPerUnit / perUnit).toFixed(0)} × its time with every rule`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The one that comes with the workbench of the tests, or the one on the path. */
function ripgrep(): string | undefined {
  const own = join(import.meta.dirname, `../../scripts/workbench/code-server/node_modules/code-server/lib/vscode/node_modules/@vscode/ripgrep-universal/bin/${process.platform}-${process.arch}/rg`);
  return [own, 'rg'].find((candidate) => spawnSync(candidate, ['--version']).status === 0);
}

async function comparePeers(folder: string, text: string, report: (name: string, value: number, unit: string) => void): Promise<void> {
  const require = createRequire(`${folder}/x.js`);
  const sample = text.slice(0, 200_000);
  const openredaction = require('openredaction') as { OpenRedaction: new (options?: object) => { detect(text: string): unknown } };
  const open = new openredaction.OpenRedaction();
  let start = performance.now();
  await open.detect(sample);
  report('openredaction, 200 kB of the mix', sample.length / 1e3 / (performance.now() - start), 'MB/s');
  const redactPii = require('redact-pii') as { SyncRedactor: new () => { redact(text: string): string } };
  const redactor = new redactPii.SyncRedactor();
  start = performance.now();
  redactor.redact(text);
  report('redact-pii, the mix', text.length / 1e3 / (performance.now() - start), 'MB/s');
}

if (import.meta.main) {
  const measures = await measureEngine();
  if (process.argv.includes('--json')) console.log(JSON.stringify({ cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, measures }, null, 2));
  else for (const { name, value, unit, note } of measures) console.log(`${name.padEnd(52)} ${value.toFixed(value < 10 ? 2 : 1).padStart(9)} ${unit}${note ? `   (${note})` : ''}`);
}
