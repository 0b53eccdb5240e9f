/** `pii-gate mask`: standard input → standard output, personal data replaced, syntax kept. */
import type { Masker } from '#core/masking/masker.ts';
import type { WorkspacePolicy } from '#core/policy/workspace-policy.ts';
import type { FileEngine } from '#files/engine.ts';
import { exit } from '../exit.ts';
import { decode } from '#files/decode.ts';
import type { Terminal } from '../scan/command.ts';
import type { SecondOpinion } from '#files/second-opinion.ts';
import { findAll, type MaskChoice, maskText } from './mask-text.ts';

export async function mask(choice: MaskChoice, engine: FileEngine, policy: WorkspacePolicy, masker: Masker, terminal: Terminal, opinion?: SecondOpinion): Promise<number> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of terminal.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  const decoded = decode(Buffer.concat(chunks));
  if (decoded.kind === 'binary') {
    await terminal.err.write(`pii-gate: the input ${decoded.why}: mask works on text. Nothing was written.\n`);
    return exit.error;
  }
  const { text } = decoded;
  const result = opinion === undefined ? undefined : await opinion.of(text, findAll(text, choice, engine));
  const down = result?.limits.find((limit) => limit.kind === 'provider-down');
  if (down?.kind === 'provider-down') {
    // Less masked than was asked for would pass for masked.
    await terminal.err.write(`pii-gate: ${down.provider}: ${down.why}. Nothing was written.\n`);
    return exit.error;
  }
  await terminal.out.write(maskText(text, choice, engine, policy, masker, result).text);
  return exit.clean;
}
