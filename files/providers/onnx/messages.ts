/** What passes between the server and its model thread: plain data. */
import type { ProviderSpan } from '#core/providers/provider.ts';

export interface OnnxOptions {
  /** Folder of an ONNX runtime with the interface of `onnxruntime-web`, e.g. `…/node_modules/onnxruntime-web`. */
  readonly runtime: string;
  /** Folder with `model.onnx` (or `onnx/model.onnx`), `config.json` and `tokenizer.json`, as Hugging Face lays it out. */
  readonly model: string;
  /** Label → entity, beyond the common ones; an empty string drops a label. */
  readonly labels: Readonly<Record<string, string>>;
  /** 0..1 */
  readonly scoreThreshold: number;
  /** Milliseconds a document may take. */
  readonly timeoutMs: number;
}

export interface Question { readonly id: number; readonly text: string }
export type Reply =
  | { readonly id: number; readonly spans: readonly ProviderSpan[] }
  /** `id` undefined: the model could not be loaded at all. */
  | { readonly id: number | undefined; readonly why: string };
