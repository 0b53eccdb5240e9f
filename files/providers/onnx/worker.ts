/**
 * Entry point of the model thread (`dist/onnx-worker.js`): loads a runtime and a model from the paths that the user configured
 * and answers texts with spans. A thread of its own, because inference in WebAssembly would hold up the server.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { classify, type Classifier } from '#core/providers/model/classify.ts';
import { commonLabels } from '#core/providers/model/labels.ts';
import { readTokenizer } from '#core/providers/model/word-piece.ts';
import type { OnnxOptions, Question, Reply } from './messages.ts';

interface Tensor { readonly data: ArrayLike<number> }
interface Session { readonly inputNames: readonly string[]; readonly outputNames: readonly string[]; run(inputs: Record<string, Tensor>): Promise<Record<string, Tensor>> }
/** The part of ONNX Runtime's JavaScript interface that is used. */
interface Runtime {
  readonly env?: { readonly wasm?: { numThreads?: number } };
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => Tensor;
}

const options = workerData as OnnxOptions;
const reply = (message: Reply): void => parentPort?.postMessage(message);

function read(name: string): unknown {
  const path = join(options.model, name);
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new Error(`${path} is not JSON`);
  }
}

async function load(): Promise<Classifier> {
  const tokenizer = readTokenizer(read('tokenizer.json'));
  const { id2label } = read('config.json') as { id2label?: Record<string, string> };
  if (id2label === undefined) throw new Error(`${join(options.model, 'config.json')} has no id2label: it is no token classification model`);
  const labels = Object.entries(id2label).sort(([left], [right]) => Number(left) - Number(right)).map(([, label]) => label);
  const file = [join(options.model, 'model.onnx'), join(options.model, 'onnx', 'model.onnx')].find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${join(options.model, 'model.onnx')} does not exist`);
  if (!existsSync(join(options.runtime, 'package.json'))) throw new Error(`${options.runtime} is no package: install onnxruntime-web there`);
  const runtime = createRequire(join(options.runtime, 'package.json'))(options.runtime) as Runtime;
  // One thread: the model shares the machine with an editor.
  if (runtime.env?.wasm !== undefined) runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(readFileSync(file));
  const tensor = (values: readonly number[]): Tensor => new runtime.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  return {
    tokenizer,
    labels,
    entities: { ...commonLabels, ...options.labels },
    run: async (ids) => {
      const inputs: Record<string, Tensor> = {};
      for (const name of session.inputNames) inputs[name] = tensor(name === 'input_ids' ? ids : ids.map(() => (name === 'attention_mask' ? 1 : 0)));
      const outputs = await session.run(inputs);
      return (outputs['logits'] ?? outputs[session.outputNames[0]!])!.data;
    },
  };
}

const loaded = load();
loaded.catch((error: unknown) => reply({ id: undefined, why: error instanceof Error ? error.message : 'the model could not be loaded' }));

parentPort?.on('message', ({ id, text }: Question) => {
  loaded.then((classifier) => classify(text, classifier, 'the local model recognised it')).then(
    (spans) => reply({ id, spans: spans.filter(({ score }) => score >= options.scoreThreshold) }),
    // The runtime's own words may hold tensor data: say what, not its message.
    () => reply({ id, why: 'the model failed on this document' }),
  );
});
