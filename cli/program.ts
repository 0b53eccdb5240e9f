/** The commands of `pii-gate` and their options. Heavy parts are loaded by the command that needs them. */
import { Command, CommanderError } from 'commander';
import { addBackendCommands } from './backend/commands.ts';
import { exit } from './exit.ts';
import { createOutput } from './io/output.ts';
import { addMcpCommand } from './mcp/register.ts';
import { addMaskCommand } from './mask/register.ts';
import type { Process } from './process.ts';
import { addQueryCommand } from './query/register.ts';
import { addRulesCommand } from './rules/register.ts';
import type { Terminal } from './scan/command.ts';
import { addScanCommand } from './scan/register.ts';

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

  const ended = (last: number): void => { code = last; };
  addScanCommand(program, process, terminal, ended);
  addMaskCommand(program, process, terminal, ended);
  addRulesCommand(program, process, terminal, ended);
  addBackendCommands(program, process, ended);
  addQueryCommand(program, process, ended);
  addMcpCommand(program, process, ended);

  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return report(error, err.write);
  }
}

async function report(error: unknown, write: (text: string) => Promise<void>): Promise<number> {
  if (error instanceof CommanderError) {
    if (error.code.startsWith('pii-gate.')) await write(`pii-gate: ${error.message}\n`);
    return error.exitCode === 0 ? exit.clean : exit.error;
  }
  // By name: a bundle that is loaded on demand holds a class of its own.
  if (error instanceof Error && error.name === 'UserError') {
    await write(`pii-gate: ${error.message}\n`);
    return exit.error;
  }
  // A message may quote input: class and place are enough to report a bug.
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 4).join('\n') : '';
  await write(`pii-gate: internal error (${error instanceof Error ? error.name : typeof error}). Please report it with these lines:\n${frames}\n`);
  return exit.error;
}
