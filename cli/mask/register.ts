/** The `mask` command and its options. */
import { type Command, Option } from 'commander';
import { confidence } from '../io/arguments.ts';
import { addProviderFlags, type ProviderFlags, withSecondOpinion } from '../io/provider-flags.ts';
import type { Process } from '../process.ts';
import type { Terminal } from '../scan/command.ts';

interface MaskFlags {
  minConfidence?: number;
  language?: string;
  filename?: string;
  replace: 'mask' | 'redact' | 'token' | 'fake';
  policy?: string;
}

export function addMaskCommand(program: Command, process: Process, terminal: Terminal, done: (code: number) => void): void {
  const command = program.command('mask')
    .description('Copy standard input to standard output with personal data replaced.')
    .addOption(new Option('--replace <how>', 'what to put in place of a value').choices(['mask', 'redact', 'token', 'fake']).default('mask'))
    .option('--min-confidence <number>', 'leave values below alone, 0 to 1 (default 0.4)', confidence)
    .option('--language <id>', 'language id of the input (json, csv, python, …)')
    .option('--filename <name>', 'name to judge the input by, e.g. users.csv')
    .option('--policy <file>', 'workspace policy (default .pii-gate.yaml, if there is one)')
    .addHelpText('after', '\nTokens and fakes are the same for the same value as long as PII_GATE_KEY (32 bytes, base64url) is the same.\nExample:\n  pii-gate mask --language csv < users.csv > safe.csv\n');
  addProviderFlags(command);
  command.action(async (flags: MaskFlags & ProviderFlags) => {
      const { createEngine } = await import('#files/engine.ts');
      const { loadPolicy } = await import('../policy.ts');
      const { mask } = await import('./command.ts');
      const { createMasker } = await import('#core/masking/create.ts');
      const { maskingKey } = await import('./key.ts');
      const { policy } = loadPolicy(flags.policy, process.cwd);
      const engine = createEngine(policy, flags.minConfidence === undefined ? {} : { minConfidence: flags.minConfidence, insists: true });
      const masker = createMasker(maskingKey(process.env['PII_GATE_KEY']), engine.detector);
      const choice = {
        how: flags.replace,
        ...(flags.language === undefined ? {} : { languageId: flags.language }),
        ...(flags.filename === undefined ? {} : { filename: flags.filename }),
      };
      done(await withSecondOpinion(flags, process, () => engine, (opinion) => mask(choice, engine, policy, masker, terminal, opinion)));
    });
}
