/** `pii-gate scan`. */
import { availableParallelism } from 'node:os';
import type { FileEngine } from '#files/engine.ts';
import { exit } from '../exit.ts';
import type { Output } from '../io/output.ts';
import { Baseline, BaselineWriter } from './baseline.ts';
import { createWriter, type Format } from './formats.ts';
import { scanJsonl } from './jsonl-input.ts';
import { Progress } from './progress.ts';
import type { FileReport, Summary } from '#files/report.ts';
import type { SecondOpinion } from '#files/second-opinion.ts';
import { scanBytes } from '#files/scan-file.ts';
import { scanPaths } from '#files/scan-paths.ts';
import type { EngineSpec } from '#files/task.ts';

export interface ScanRequest {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly languageId?: string;
  readonly jsonlInput: boolean;
  readonly gitignore: boolean;
  readonly exclude: readonly string[];
  /** Name to judge standard input by. */
  readonly stdinFilename?: string;
  /** Default: as many as there are cores. */
  readonly threads?: number;
  readonly baseline?: { readonly path: string; readonly key: Uint8Array; readonly update: boolean };
}

export interface Terminal {
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly out: Output;
  readonly err: Output;
  readonly colour: boolean;
  /** Where progress is painted if it is a terminal. */
  readonly screen: NodeJS.WritableStream;
}

/** Resolves to the exit code. `engine` is made once, and only if this thread scans. */
export async function scan(request: ScanRequest, engine: () => FileEngine, spec: EngineSpec, workerFile: string, terminal: Terminal, opinion?: SecondOpinion): Promise<number> {
  if (request.jsonlInput) return jsonl(request, engine(), terminal, opinion);
  const { baseline } = request;
  const known = baseline === undefined || baseline.update ? undefined : Baseline.read(baseline.path, baseline.key);
  const update = baseline?.update === true ? new BaselineWriter() : undefined;
  const started = performance.now();
  const writer = createWriter(request.format, terminal.out, () => new Map(engine().detector.entities().map((info) => [info.entity, info])), terminal.colour);
  const summary: Summary = { files: 0, bytes: 0, findings: 0, errors: 0, skipped: 0, known: 0, elapsedMs: 0 };
  const progress = new Progress(terminal.screen);
  // Doubtful findings, and values that a standard reserves for tests, fail no build.
  let real = 0;
  // Files that a provider should have seen and has not.
  let unasked = 0;
  const take = async (raw: FileReport): Promise<void> => {
    update?.add(raw);
    const { report, known: old } = known === undefined ? { report: raw, known: 0 } : known.filter(raw);
    summary.files++;
    summary.bytes += report.bytes;
    summary.findings += report.findings.length;
    summary.known += old;
    for (const { reserved, severity } of report.findings) if (reserved !== true && severity !== 'hint') real++;
    if (report.limits.some(({ kind }) => kind === 'binary')) summary.skipped++;
    for (const limit of report.limits) if (limit.kind === 'provider-down') {
      unasked++;
      if (unasked > 1) break;
      progress.clear();
      await terminal.err.write(`pii-gate: ${limit.provider}: ${limit.why}.\n`);
    }
    if (report.error !== undefined) {
      summary.errors++;
      progress.clear();
      await terminal.err.write(`pii-gate: ${report.path} ${report.error}.\n`);
    }
    if (update === undefined) {
      if (report.findings.length > 0) progress.clear();
      await writer.file(report);
    }
    progress.update(summary);
  };
  const files = request.paths.filter((path) => path !== '-');
  if (request.paths.includes('-')) {
    const name = request.stdinFilename ?? '<stdin>';
    // Standard input may be nothing but a value: say then what it could be.
    const own = engine();
    const bytes = Buffer.concat(await collect(terminal.stdin));
    const report = scanBytes(name, bytes, { ...own, options: { ...own.options, loneReadings: true } }, spec);
    await take(opinion === undefined ? report : await opinion.ofText(report, bytes, spec.fingerprintKey));
  }
  const threads = request.threads ?? availableParallelism();
  for await (const report of scanPaths({ paths: files, walk: { gitignore: request.gitignore, exclude: request.exclude, cwd: terminal.cwd }, threads, workerFile, spec }, engine)) {
    await take(opinion === undefined ? report : await opinion.ofFile(report, terminal.cwd, spec.fingerprintKey));
    if (terminal.out.closed) break;
  }
  progress.clear();
  summary.elapsedMs = Math.round(performance.now() - started);
  if (update !== undefined && baseline !== undefined) {
    update.write(baseline.path, baseline.key);
    await terminal.err.write(`pii-gate: ${baseline.path} now holds the ${real} findings of ${summary.files} files.\n`);
    return summary.errors > 0 ? exit.error : exit.clean;
  }
  await writer.end(summary);
  // What was not looked at must not read as clean; the other formats list it by path.
  if (request.format === 'text' && summary.skipped > 0) await terminal.err.write(`pii-gate: ${summary.skipped} of ${summary.files} files not scanned: binary.\n`);
  if (unasked > 0) await terminal.err.write(`pii-gate: ${unasked} of ${summary.files} files were judged without the provider.\n`);
  return summary.errors > 0 || unasked > 0 ? exit.error : real > 0 ? exit.findings : exit.clean;
}

async function jsonl(request: ScanRequest, engine: FileEngine, terminal: Terminal, opinion: SecondOpinion | undefined): Promise<number> {
  const language = request.languageId === undefined ? {} : { languageId: request.languageId };
  const { findings, bad, unasked } = await scanJsonl(terminal.stdin, engine, language, terminal.out, opinion);
  if (bad > 0) await terminal.err.write(`pii-gate: ${bad} line${bad === 1 ? '' : 's'} of the input could not be read; each has an "error" in the output.\n`);
  if (unasked > 0) await terminal.err.write(`pii-gate: ${unasked} document${unasked === 1 ? '' : 's'} were judged without the provider; each says why in its "limits".\n`);
  return bad > 0 || unasked > 0 ? exit.error : findings > 0 ? exit.findings : exit.clean;
}

async function collect(stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return chunks;
}
