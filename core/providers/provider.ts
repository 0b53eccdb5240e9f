/**
 * A second opinion from outside the engine: a service or a model that reads prose. Off unless configured, asked after the
 * engine, never instead of it. IO is injected; a provider never throws.
 */

/** A span of the text it was asked about, in UTF-16 units. */
export interface ProviderSpan {
  readonly entity: string;
  readonly start: number;
  readonly end: number;
  /** 0..1 */
  readonly score: number;
  /** What it says of its reasons; never the value. */
  readonly why: string;
}

export type ProviderAnswer =
  /** `down`: of several providers, those that did not answer. */
  | { readonly kind: 'spans'; readonly spans: readonly ProviderSpan[]; readonly down?: readonly { readonly provider: string; readonly why: string }[] }
  /** `why` is shown to people: what failed and what to do. */
  | { readonly kind: 'down'; readonly why: string }
  | { readonly kind: 'cancelled' };

export interface Provider {
  /** "Presidio Analyzer" */
  readonly name: string;
  analyze(text: string, signal: AbortSignal): Promise<ProviderAnswer>;
  /** Lets go of threads and the like; it may be asked again. */
  stop?(): Promise<void>;
}

/** Several providers as one: all are asked, each answer counts, one that is down does not silence the others. */
export function together(providers: readonly Provider[]): Provider {
  const [only] = providers;
  if (providers.length === 1 && only !== undefined) return only;
  return {
    name: providers.map(({ name }) => name).join(', '),
    stop: async () => void (await Promise.all(providers.map((provider) => provider.stop?.()))),
    async analyze(text, signal) {
      const answers = await Promise.all(providers.map(async (provider) => ({ provider: provider.name, answer: await provider.analyze(text, signal) })));
      if (answers.some(({ answer }) => answer.kind === 'cancelled')) return { kind: 'cancelled' };
      return {
        kind: 'spans',
        spans: answers.flatMap(({ answer }) => (answer.kind === 'spans' ? answer.spans : [])),
        down: answers.flatMap(({ provider, answer }) => (answer.kind === 'down' ? [{ provider, why: answer.why }] : [])),
      };
    },
  };
}
