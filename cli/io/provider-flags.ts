/** Flags of the commands that may ask a provider. Flags only: a workspace's policy must not send its files anywhere. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Provider } from '#core/providers/provider.ts';
import type { FileEngine } from '#files/engine.ts';
import type { SecondOpinion } from '#files/second-opinion.ts';
import { UserError } from '../exit.ts';
import type { Process } from '../process.ts';

export interface ProviderFlags {
  presidio?: string;
  presidioLanguage?: string;
  onnxModel?: string;
  onnxRuntime?: string;
  providerTimeout?: number;
}

const presidioTimeoutMs = 10_000, modelTimeoutMs = 60_000;

export function addProviderFlags(command: Command): Command {
  return command
    .option('--presidio <url>', 'also ask a Presidio Analyzer there; the text is sent to it', address)
    .option('--presidio-language <code>', 'language of the analyzer\'s model (default en)', language)
    .option('--onnx-model <folder>', 'also ask a local token classification model (model.onnx, config.json, tokenizer.json)')
    .option('--onnx-runtime <folder>', 'the onnxruntime-web folder that runs it')
    .option('--provider-timeout <ms>', 'how long one answer may take', milliseconds);
}

/** Undefined unless the user named one. Throws `UserError` when a model has no runtime. */
async function providerOf(flags: ProviderFlags, process: Process): Promise<Provider | undefined> {
  const { presidio, onnxModel, onnxRuntime, providerTimeout } = flags;
  if ((onnxModel === undefined) !== (onnxRuntime === undefined)) throw new UserError('--onnx-model and --onnx-runtime belong together: name both folders.');
  if (presidio === undefined && onnxModel === undefined) return undefined;
  const { Providers } = await import('#files/providers/providers.ts');
  const { postJson } = await import('#files/providers/post-json.ts');
  return new Providers(postJson, workerFile(process.here)).of({
    presidio: presidio === undefined ? undefined : { url: presidio, language: flags.presidioLanguage ?? 'en', entities: ['PERSON', 'LOCATION', 'NRP'], scoreThreshold: 0.4, timeoutMs: providerTimeout ?? presidioTimeoutMs },
    onnx: onnxModel === undefined || onnxRuntime === undefined ? undefined : { model: resolve(process.cwd, onnxModel), runtime: resolve(process.cwd, onnxRuntime), labels: {}, scoreThreshold: 0.5, timeoutMs: providerTimeout ?? modelTimeoutMs },
  });
}

/** Runs `work` with the named provider over the engine, or without one unless the user named one. */
export async function withSecondOpinion(flags: ProviderFlags, process: Process, engine: () => FileEngine, work: (opinion: SecondOpinion | undefined) => Promise<number>): Promise<number> {
  const provider = await providerOf(flags, process);
  if (provider === undefined) return work(undefined);
  const { SecondOpinion: Opinion } = await import('#files/second-opinion.ts');
  const opinion = new Opinion(provider, engine(), new AbortController().signal);
  try {
    return await work(opinion);
  } finally {
    await opinion.end();
  }
}

/** The model thread's file: bundled beside the program, or its source. */
function workerFile(here: string): string {
  const bundled = join(here, 'onnx-worker.js');
  return existsSync(bundled) ? bundled : join(here, '..', 'files', 'providers', 'onnx', 'worker.ts');
}

function address(text: string): string {
  try {
    const { protocol, username, password } = new URL(text);
    if ((protocol === 'http:' || protocol === 'https:') && username === '' && password === '') return text;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError('Expected an http or https address without user and password.');
}

function language(text: string): string {
  if (!/^[a-z]{2,3}$/.test(text)) throw new InvalidArgumentError('Expected a language code such as en.');
  return text;
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 100 || value > 3_600_000) throw new InvalidArgumentError('Expected milliseconds from 100 to 3600000.');
  return value;
}
