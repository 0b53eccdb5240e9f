/** Providers out of settings: one object per distinct configuration, so that what is known of it is kept. */
import { createPresidio, type PostJson, type PresidioOptions } from '#core/providers/presidio.ts';
import { type Provider, together } from '#core/providers/provider.ts';
import type { OnnxOptions } from './onnx/messages.ts';
import { OnnxProvider } from './onnx/provider.ts';

export interface ProviderSettings {
  readonly presidio: PresidioOptions | undefined;
  readonly onnx: OnnxOptions | undefined;
}

export class Providers {
  private readonly post: PostJson;
  private readonly onnxWorker: string;
  private readonly made = new Map<string, Provider>();

  constructor(post: PostJson, onnxWorker: string) {
    this.post = post;
    this.onnxWorker = onnxWorker;
  }

  /** Undefined unless the user configured one. */
  of({ presidio, onnx }: ProviderSettings): Provider | undefined {
    if (presidio === undefined && onnx === undefined) return undefined;
    const key = JSON.stringify([presidio, onnx]);
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const made = together([
      ...(presidio === undefined ? [] : [createPresidio(presidio, this.post)]),
      ...(onnx === undefined ? [] : [new OnnxProvider(onnx, this.onnxWorker)]),
    ]);
    this.made.set(key, made);
    return made;
  }
}
