/** The `scan` command and its options. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Choices, FileEngine } from '#files/engine.ts';
import { exit } from '../exit.ts';
import { confidence } from '../io/arguments.ts';
import { addProviderFlags, type ProviderFlags, withSecondOpinion } from '../io/provider-flags.ts';
import type { Process } from '../process.ts';
import type { ScanRequest, Terminal } from './command.ts';
import { formats, type Format } from './formats.ts';
import type { EngineSpec } from '#files/task.ts';

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

export function addScanCommand(program: Command, process: Process, terminal: Terminal, done: (code: number) => void): void {
  const command = program.command('scan')
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
    .addHelpText('after', '\nExamples:\n  pii-gate scan src\n  pii-gate scan . --format sarif > pii.sarif\n  git diff | pii-gate scan - --language diff\n  pii-gate scan . --update-baseline .pii-gate-baseline.json\n  pii-gate scan . --baseline .pii-gate-baseline.json\n');
  addProviderFlags(command);
  command.action(async (paths: string[], flags: ScanFlags & ProviderFlags) => {
      if (paths.length === 0 && flags.jsonlInput !== true) throw new CommanderError(exit.error, 'pii-gate.usage', 'scan: name a file or folder, or - for standard input.');
      const { createEngine } = await import('#files/engine.ts');
      const { loadPolicy } = await import('../policy.ts');
      const { scan } = await import('./command.ts');
      const { baselineKey } = await import('./baseline-key.ts');
      const { policy, source } = loadPolicy(flags.policy, process.cwd);
      const baselinePath = flags.updateBaseline ?? flags.baseline;
      const baseline = baselinePath === undefined ? undefined : baselineKey(resolve(process.cwd, baselinePath), process.env['PII_GATE_KEY'], flags.updateBaseline !== undefined);
      if (baseline?.made !== undefined) await terminal.err.write(`pii-gate: made the key ${baseline.made}. Keep it out of the repository; give it to CI as PII_GATE_KEY.\n`);
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
      const choices: Choices = flags.minConfidence === undefined ? {} : { minConfidence: flags.minConfidence, insists: true };
      let engine: FileEngine | undefined;
      const own = (): FileEngine => {
        engine ??= createEngine(policy, choices);
        return engine;
      };
      const spec: EngineSpec = {
        policy: source,
        cwd: process.cwd,
        choices,
        ...(flags.language === undefined ? {} : { languageId: flags.language }),
        ...(baseline === undefined ? {} : { fingerprintKey: baseline.key }),
      };
      done(await withSecondOpinion(flags, process, own, (opinion) => scan(request, own, spec, workerFile(process.here), terminal, opinion)));
    });
}

function threads(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 256) throw new InvalidArgumentError('Expected a whole number from 1 to 256.');
  return value;
}

/** The scanning thread's file: bundled beside the program, or its source. */
function workerFile(here: string): string {
  const bundled = join(here, 'scan-worker.js');
  return existsSync(bundled) ? bundled : join(here, '..', 'files', 'worker.ts');
}
