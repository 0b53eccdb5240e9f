/** The `rules` commands. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../exit.ts';
import type { Process } from '../process.ts';
import type { Terminal } from '../scan/command.ts';

export function addRulesCommand(program: Command, process: Process, terminal: Terminal, done: (code: number) => void): void {
  program.command('rules').description('Detection rules.')
    .command('test')
    .description('Run rules\' own examples: ok ones must be found, ng ones must not.')
    .argument('[file...]', 'workspace policies and rule packs (default .pii-gate.yaml)')
    .option('--builtin', 'test the shipped rules, too')
    .addHelpText('after', '\nExit codes: 0 all pass, 1 an example fails, 2 a rule is broken or a file can\'t be read.\nExample:\n  pii-gate rules test .pii-gate.yaml\n')
    .action(async (files: string[], flags: { builtin?: boolean }) => {
      const { testRules } = await import('./command.ts');
      const builtin = flags.builtin === true;
      const fallback = existsSync(resolve(process.cwd, '.pii-gate.yaml')) ? ['.pii-gate.yaml'] : [];
      const chosen = files.length > 0 ? files : builtin ? [] : fallback;
      if (chosen.length === 0 && !builtin) throw new UserError('rules test: there is no .pii-gate.yaml here; name a file, or test the shipped rules with --builtin.');
      done(await testRules({ files: chosen, builtin }, terminal));
    });
}
