/** The commands of `pii-gate` and their options. Heavy parts are loaded by the command that needs them. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { addBackendCommands } from './backend/commands.ts';
import { exit, UserError } from './exit.ts';
import type { CliEngine } from './engine.ts';
import { createOutput } from './io/output.ts';
import { addQueryCommand } from './query/register.ts';
import { formats, type Format } from './scan/formats.ts';
import type { ScanRequest, Terminal } from './scan/command.ts';
import type { EngineSpec } from './scan/task.ts';

export interface Process {
  readonly cwd: string;
  /** Folder of the running program: `cli/` or `dist/`. */
  readonly here: string;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves when the user or the system asks the program to end. */
  readonly stopped: () => Promise<void>;
}

interface ScanFlags {
  format: Format;
  minConfidence?: number;
  language?: string;
  filename?: string;
  jsonlInput?: boolean;
  gitignore: boolean;
  exclude: string[];
  policy?: string;
  threads?: number;
  baseline?: string;
  updateBaseline?: string;
}
interface MaskFlags { minConfidence?: number; language?: string; filename?: string; replace: 'mask' | 'redact' | 'token' | 'fake'; policy?: string }

/** Runs one command line; resolves to its exit code (0 nothing found, 1 findings, 2 error). */
export async function run(args: readonly string[], process: Process): Promise<number> {
  const out = createOutput(process.stdout);
  const err = createOutput(process.stderr);
  const terminal: Terminal = { cwd: process.cwd, stdin: process.stdin, out, err, colour: process.colour, screen: process.stderr };
  let code: number = exit.clean;
  const program = new Command('pii-gate')
    .description('Finds personal data in files and streams, masks it, and serves approvals.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => void process.stdout.write(text), writeErr: (text) => void process.stderr.write(text) })
    .addHelpText('after', '\nExit codes: 0 nothing found, 1 personal data found, 2 error.\n');

  program.command('scan')
    .description('Report personal data in files, folders or standard input (-).')
    .argument('[path...]', 'files and folders; - reads standard input')
    .addOption(new Option('--format <format>', 'how to write the report').choices([...formats]).default('text'))
    .option('--min-confidence <number>', 'leave out findings below, 0 to 1 (default 0.4)', confidence)
    .option('--language <id>', 'language id of the input (json, csv, python, …) instead of the one its name says')
    .option('--filename <name>', 'name to judge standard input by')
    .option('--jsonl-input', 'read one {"id", "text", "languageId"?, "filename"?} a line on standard input, write {"id", "findings"} lines in the same order')
    .option('--no-gitignore', 'scan what .gitignore leaves out, too')
    .option('--exclude <glob...>', 'leave out files, in .gitignore syntax', [])
    .option('--policy <file>', 'workspace policy (default .pii-gate.yaml, if there is one)')
    .option('--baseline <file>', 'leave out findings that this file knows')
    .option('--update-baseline <file>', 'write what is found to this file instead of reporting it')
    .option('--threads <number>', 'threads to scan on (default: one a core)', threads)
    .addHelpText('after', '\nExamples:\n  pii-gate scan src\n  pii-gate scan . --format sarif > pii.sarif\n  git diff | pii-gate scan - --language diff\n  pii-gate scan . --update-baseline .pii-gate-baseline.json\n  pii-gate scan . --baseline .pii-gate-baseline.json\n')
    .action(async (paths: string[], flags: ScanFlags) => {
      if (paths.length === 0 && flags.jsonlInput !== true) throw new CommanderError(exit.error, 'pii-gate.usage', 'scan: name a file or folder, or - for standard input.');
      const { createEngine } = await import('./engine.ts');
      const { loadPolicy } = await import('./policy.ts');
      const { scan } = await import('./scan/command.ts');
      const { baselineKey } = await import('./scan/baseline-key.ts');
      const { policy, source } = loadPolicy(flags.policy, process.cwd);
      const baselinePath = flags.updateBaseline ?? flags.baseline;
      const baseline = baselinePath === undefined ? undefined : baselineKey(resolve(process.cwd, baselinePath), process.env['PII_GATE_KEY'], flags.updateBaseline !== undefined);
      if (baseline?.made !== undefined) await err.write(`pii-gate: made the key ${baseline.made}. Keep it out of the repository; give it to CI as PII_GATE_KEY.\n`);
      const request: ScanRequest = {
        paths,
        format: flags.format,
        jsonlInput: flags.jsonlInput === true,
        gitignore: flags.gitignore,
        exclude: [...policy.exclude, ...flags.exclude],
        ...(flags.language === undefined ? {} : { languageId: flags.language }),
        ...(flags.filename === undefined ? {} : { stdinFilename: flags.filename }),
        ...(flags.threads === undefined ? {} : { threads: flags.threads }),
        ...(baseline === undefined ? {} : { baseline: { path: resolve(process.cwd, baselinePath!), key: baseline.key, update: flags.updateBaseline !== undefined } }),
      };
      let engine: CliEngine | undefined;
      const own = (): CliEngine => {
        engine ??= createEngine(policy, flags.minConfidence);
        return engine;
      };
      const spec: EngineSpec = {
        policy: source,
        cwd: process.cwd,
        ...(flags.minConfidence === undefined ? {} : { minConfidence: flags.minConfidence }),
        ...(flags.language === undefined ? {} : { languageId: flags.language }),
        ...(baseline === undefined ? {} : { fingerprintKey: baseline.key }),
      };
      code = await scan(request, own, spec, workerFile(process.here), terminal);
    });

  program.command('mask')
    .description('Copy standard input to standard output with personal data replaced.')
    .addOption(new Option('--replace <how>', 'what to put in place of a value').choices(['mask', 'redact', 'token', 'fake']).default('mask'))
    .option('--min-confidence <number>', 'leave values below alone, 0 to 1 (default 0.4)', confidence)
    .option('--language <id>', 'language id of the input (json, csv, python, …)')
    .option('--filename <name>', 'name to judge the input by, e.g. users.csv')
    .option('--policy <file>', 'workspace policy (default .pii-gate.yaml, if there is one)')
    .addHelpText('after', '\nTokens and fakes are the same for the same value as long as PII_GATE_KEY (32 bytes, base64url) is the same.\nExample:\n  pii-gate mask --language csv < users.csv > safe.csv\n')
    .action(async (flags: MaskFlags) => {
      const { createEngine } = await import('./engine.ts');
      const { loadPolicy } = await import('./policy.ts');
      const { mask } = await import('./mask/command.ts');
      const { createMasker } = await import('#core/masking/create.ts');
      const { maskingKey } = await import('./mask/key.ts');
      const { policy } = loadPolicy(flags.policy, process.cwd);
      const engine = createEngine(policy, flags.minConfidence);
      code = await mask({
        how: flags.replace,
        ...(flags.language === undefined ? {} : { languageId: flags.language }),
        ...(flags.filename === undefined ? {} : { filename: flags.filename }),
      }, engine, policy, createMasker(maskingKey(process.env['PII_GATE_KEY']), engine.detector), terminal);
    });

  const ended = (last: number): void => { code = last; };
  addBackendCommands(program, process, ended);
  addQueryCommand(program, process, ended);

  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return report(error, err.write);
  }
}

function confidence(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return value;
}

function threads(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256) throw new InvalidArgumentError('Expected a whole number from 1 to 256.');
  return value;
}

/** The scanning thread's file: bundled beside the program, or its source. */
function workerFile(here: string): string {
  const bundled = join(here, 'scan-worker.js');
  return existsSync(bundled) ? bundled : join(here, 'scan', 'worker.ts');
}

async function report(error: unknown, write: (text: string) => Promise<void>): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.code.startsWith('pii-gate.')) await write(`pii-gate: ${error.message}\n`);
    return error.exitCode === 0 ? exit.clean : exit.error;
  }
  if (error instanceof UserError) {
    await write(`pii-gate: ${error.message}\n`);
    return exit.error;
  }
  // A message may quote input: class and place are enough to report a bug.
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 4).join('\n') : '';
  await write(`pii-gate: internal error (${error instanceof Error ? error.name : typeof error}). Please report it with these lines:\n${frames}\n`);
  return exit.error;
}
