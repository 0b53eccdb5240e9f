/**
 * What a provider said of open documents. Asked some time after the last edit, in the background; its answer is merged into
 * every later result. While people type, what it said of unchanged places stays.
 */
import type { Masker } from '#core/masking/masker.ts';
import { mergeProvider } from '#core/providers/merge.ts';
import type { Provider, ProviderAnswer, ProviderSpan } from '#core/providers/provider.ts';
import type { ScanResult } from '#core/wire/finding.ts';
import type { OpenDocument, ScanPlan } from '../documents/open-document.ts';
import type { Boundary } from '../session/boundary.ts';

export interface ProviderResultsDeps {
  readonly boundary: Boundary;
  readonly masker: () => Promise<Masker>;
  /** Called when `merge` would give something else for the document. */
  readonly changed: (uri: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Milliseconds after the last edit until a document is sent. */
const quietMs = 600;
/** Milliseconds that a provider is left alone after it failed. */
const restMs = 30_000;
/** UTF-16 units of the largest document that is sent. */
const maxLength = 1_000_000;

interface Known {
  readonly version: number;
  readonly provider: Provider;
  readonly answer: ProviderAnswer;
  readonly length: number;
  /** The spans' values, in memory only, to recognise them after an edit. */
  readonly values: readonly string[];
}

export class ProviderResults {
  private readonly deps: ProviderResultsDeps;
  private readonly known = new Map<string, Known>();
  private readonly asking = new Map<string, { readonly version: number; readonly abort: AbortController; readonly timer: NodeJS.Timeout }>();
  private readonly restUntil = new Map<Provider, number>();

  constructor(deps: ProviderResultsDeps) {
    this.deps = deps;
  }

  /** The engine's result with what is known of the provider's, and a question to the provider where it is not up to date. */
  async merge(document: OpenDocument, plan: ScanPlan, result: ScanResult): Promise<ScanResult> {
    const { provider } = plan;
    if (provider === undefined || plan.skip !== undefined) {
      this.forget(document.uri);
      return result;
    }
    const text = document.text();
    const known = this.known.get(document.uri);
    const usable = known?.provider === provider ? known : undefined;
    if (usable?.version !== document.version || (isDown(usable.answer) && this.rested(provider))) this.ask(document, provider);
    if (usable === undefined) return result;
    const masker = await this.deps.masker();
    return mergeProvider({
      text, result, provider: provider.name, options: plan.options, entities: plan.entities,
      answer: usable.version === document.version ? usable.answer : carried(usable, text),
      mask: (value, entity) => masker.replace(value, entity, { kind: 'mask' }),
    });
  }

  forget(uri: string): void {
    this.known.delete(uri);
    const asked = this.asking.get(uri);
    this.asking.delete(uri);
    clearTimeout(asked?.timer);
    asked?.abort.abort();
  }

  private rested(provider: Provider): boolean {
    return this.deps.now() >= (this.restUntil.get(provider) ?? 0);
  }

  private ask(document: OpenDocument, provider: Provider): void {
    const { uri, version } = document;
    const asked = this.asking.get(uri);
    if (asked?.version === version || !this.rested(provider)) return;
    clearTimeout(asked?.timer);
    asked?.abort.abort();
    const abort = new AbortController();
    const timer = setTimeout(this.deps.boundary.event('provider', async () => {
      const text = document.text();
      const answer: ProviderAnswer = text.length > maxLength
        ? { kind: 'down', why: `documents above ${maxLength / 1e6} MB are not sent to it` }
        : await provider.analyze(text, abort.signal);
      if (abort.signal.aborted || answer.kind === 'cancelled') return;
      this.asking.delete(uri);
      if (isDown(answer)) this.restUntil.set(provider, this.deps.now() + restMs);
      const values = answer.kind === 'spans' ? answer.spans.map(({ start, end }) => text.slice(start, end)) : [];
      this.known.set(uri, { version, provider, answer, length: text.length, values });
      this.deps.changed(uri);
    }), quietMs);
    this.asking.set(uri, { version, abort, timer });
  }
}

/** Spans of an older text that still stand where they stood, counted from the start or from the end. */
function carried({ answer, length, values }: Known, text: string): ProviderAnswer {
  if (answer.kind !== 'spans') return answer;
  const moved = text.length - length;
  const spans = answer.spans.flatMap((span, index): ProviderSpan[] => {
    const value = values[index]!;
    for (const by of [0, moved]) if (text.startsWith(value, span.start + by)) return [{ ...span, start: span.start + by, end: span.end + by }];
    return [];
  });
  return { ...answer, spans };
}

function isDown(answer: ProviderAnswer): boolean {
  return answer.kind === 'down' || (answer.kind === 'spans' && (answer.down?.length ?? 0) > 0);
}
