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
  | { readonly kind: 'spans'; readonly spans: readonly ProviderSpan[] }
  /** `why` is shown to people: what failed and what to do. */
  | { readonly kind: 'down'; readonly why: string }
  | { readonly kind: 'cancelled' };

export interface Provider {
  /** "Presidio Analyzer" */
  readonly name: string;
  analyze(text: string, signal: AbortSignal): Promise<ProviderAnswer>;
}
