/** A local token classification model as a provider. Its thread starts with the first text and ends with the server. */
import { Worker } from 'node:worker_threads';
import type { Provider, ProviderAnswer } from '#core/providers/provider.ts';
import type { OnnxOptions, Question, Reply } from './messages.ts';

export class OnnxProvider implements Provider {
  readonly name = 'Local model';
  private readonly options: OnnxOptions;
  private readonly workerFile: string;
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, (answer: ProviderAnswer) => void>();
  private asked = 0;

  constructor(options: OnnxOptions, workerFile: string) {
    this.options = options;
    this.workerFile = workerFile;
  }

  analyze(text: string, signal: AbortSignal): Promise<ProviderAnswer> {
    if (signal.aborted) return Promise.resolve({ kind: 'cancelled' });
    return new Promise((resolve) => {
      const id = ++this.asked;
      const answer = (given: ProviderAnswer): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(given);
      };
      const timer = setTimeout(() => {
        answer({ kind: 'down', why: `it took longer than ${this.options.timeoutMs} ms` });
        // A model that hangs is started anew with the next text.
        void this.stop();
      }, this.options.timeoutMs);
      signal.addEventListener('abort', () => answer({ kind: 'cancelled' }), { once: true });
      this.waiting.set(id, answer);
      this.start().postMessage({ id, text } satisfies Question);
    });
  }

  async stop(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    if (this.worker !== undefined) return this.worker;
    const worker = new Worker(this.workerFile, { workerData: this.options });
    worker.unref();
    const fail = (why: string): void => {
      if (this.worker === worker) void this.stop();
      for (const answer of [...this.waiting.values()]) answer({ kind: 'down', why });
    };
    worker.on('message', (reply: Reply) => {
      if (reply.id === undefined) return 'why' in reply ? fail(reply.why) : undefined;
      this.waiting.get(reply.id)?.('spans' in reply ? { kind: 'spans', spans: reply.spans } : { kind: 'down', why: reply.why });
    });
    worker.on('error', () => fail('its thread failed'));
    this.worker = worker;
    return worker;
  }
}
