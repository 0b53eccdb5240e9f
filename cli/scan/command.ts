/** `pii-gate scan`. */
import type { CliEngine } from '../engine.ts';
import type { Output } from '../io/output.ts';
import { exit } from '../exit.ts';
import { createWriter, type Format } from './formats.ts';
import { scanJsonl } from './jsonl-input.ts';
import type { FileReport, Summary } from './report.ts';
import { scanBytes, scanFile } from './scan-file.ts';
import { walk } from './walk.ts';

export interface ScanRequest {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly languageId?: string;
  readonly jsonlInput: boolean;
  readonly gitignore: boolean;
  readonly exclude: readonly string[];
  /** Name to judge standard input by. */
  readonly stdinFilename?: string;
}

export interface Terminal {
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly out: Output;
  readonly err: Output;
  readonly colour: boolean;
}

/** Resolves to the exit code. */
export async function scan(request: ScanRequest, engine: CliEngine, terminal: Terminal): Promise<number> {
  const language = request.languageId === undefined ? {} : { languageId: request.languageId };
  if (request.jsonlInput) {
    const { findings, bad } = await scanJsonl(terminal.stdin, engine, language, terminal.out);
    if (bad > 0) await terminal.err.write(`pii-gate: ${bad} line${bad === 1 ? '' : 's'} of the input could not be read; each has an "error" in the output.\n`);
    return bad > 0 ? exit.error : findings > 0 ? exit.findings : exit.clean;
  }
  const writer = createWriter(request.format, terminal.out, new Map(engine.detector.entities().map((info) => [info.entity, info])), terminal.colour);
  const summary: Summary = { files: 0, bytes: 0, findings: 0, errors: 0, skipped: 0 };
  // Values that a standard reserves for tests fail no build.
  let real = 0;
  const take = async (report: FileReport): Promise<void> => {
    summary.files++;
    summary.bytes += report.bytes;
    summary.findings += report.findings.length;
    real += report.findings.filter(({ reserved }) => reserved !== true).length;
    if (report.limits.some(({ kind }) => kind === 'binary')) summary.skipped++;
    if (report.error !== undefined) {
      summary.errors++;
      await terminal.err.write(`pii-gate: ${report.path} ${report.error}.\n`);
    }
    await writer.file(report);
  };
  const options = { cwd: terminal.cwd, ...language };
  for (const path of request.paths) {
    if (path === '-') {
      const bytes = Buffer.concat(await collect(terminal.stdin));
      const name = request.stdinFilename ?? '<stdin>';
      await take({ ...scanBytes(name, bytes, engine, options), path: name });
      continue;
    }
    for (const file of walk([path], { gitignore: request.gitignore, exclude: request.exclude, cwd: terminal.cwd })) {
      await take('error' in file ? { path: file.path, findings: [], limits: [], bytes: 0, error: file.error } : scanFile(file.path, engine, options));
    }
  }
  await writer.end(summary);
  return summary.errors > 0 ? exit.error : real > 0 ? exit.findings : exit.clean;
}

async function collect(stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return chunks;
}
