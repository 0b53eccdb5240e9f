/**
 * Microsoft Presidio Analyzer over REST: `POST /analyze {"text": [...], "language", "entities", "score_threshold"}` gives one list
 * of `{entity_type, start, end, score}` per text (presidio-analyzer/app.py; offsets are code points).
 */
import { CodePoints } from './code-points.ts';
import { type Passage, passages } from './passages.ts';
import type { Provider, ProviderAnswer, ProviderSpan } from './provider.ts';

export interface PresidioOptions {
  /** Base URL of the analyzer, e.g. `http://127.0.0.1:5002`. */
  readonly url: string;
  /** ISO 639-1 code of a language that the analyzer has a model for. */
  readonly language: string;
  /** Presidio's entity ids; empty: whatever the analyzer offers. */
  readonly entities: readonly string[];
  /** 0..1 */
  readonly scoreThreshold: number;
  /** Milliseconds a request may take. */
  readonly timeoutMs: number;
}

/** Sends JSON and gives status and parsed body. Rejects when there is no answer. */
export type PostJson = (url: string, body: unknown, signal: AbortSignal) => Promise<{ readonly status: number; readonly body: unknown }>;

/** UTF-16 units a passage, and passages a request: one request stays below a second on a laptop's spaCy model. */
const passageLength = 4000;
const batchSize = 25;

export function createPresidio(options: PresidioOptions, post: PostJson): Provider {
  const endpoint = `${options.url.replace(/\/+$/, '')}/analyze`;
  const where = `Presidio Analyzer at ${options.url}`;
  const ask = async (batch: readonly Passage[], signal: AbortSignal): Promise<readonly ProviderSpan[] | string> => {
    const { status, body } = await post(endpoint, {
      text: batch.map(({ text }) => text),
      language: options.language,
      score_threshold: options.scoreThreshold,
      ...(options.entities.length === 0 ? {} : { entities: options.entities }),
    }, AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]));
    // An error body may quote the text: only the status is passed on.
    if (status !== 200) return `${where} answered ${status}. Check piiGate.providers.presidio.language and entities, and the analyzer's log.`;
    if (!Array.isArray(body) || body.length !== batch.length) return `${where} gave an answer of another shape. PII Gate needs one whose /analyze takes a list of texts: update presidio-analyzer.`;
    return batch.flatMap((passage, index) => readSpans(body[index], passage));
  };
  return {
    name: 'Presidio Analyzer',
    async analyze(text, signal): Promise<ProviderAnswer> {
      const all = passages(text, passageLength);
      const spans: ProviderSpan[] = [];
      for (let from = 0; from < all.length; from += batchSize) {
        if (signal.aborted) return { kind: 'cancelled' };
        try {
          const answer = await ask(all.slice(from, from + batchSize), signal);
          if (typeof answer === 'string') return { kind: 'down', why: answer };
          spans.push(...answer);
        } catch (error) {
          if (signal.aborted) return { kind: 'cancelled' };
          const timedOut = error instanceof Error && error.name === 'TimeoutError';
          return { kind: 'down', why: timedOut ? `${where} took longer than ${options.timeoutMs} ms` : `${where} can't be reached` };
        }
      }
      return { kind: 'spans', spans };
    },
  };
}

/** Anything that is not a sound span is left out: the answer comes from outside. */
function readSpans(list: unknown, passage: Passage): readonly ProviderSpan[] {
  if (!Array.isArray(list)) return [];
  const points = new CodePoints(passage.text);
  return list.flatMap((item: unknown): ProviderSpan[] => {
    const { entity_type: entity, start, end, score } = (item ?? {}) as Record<string, unknown>;
    if (typeof entity !== 'string' || !/^[A-Z][A-Z0-9_]{0,63}$/.test(entity) || !isOffset(start) || !isOffset(end) || start >= end || typeof score !== 'number' || !(score >= 0 && score <= 1)) return [];
    return [{ entity, start: passage.start + points.toUtf16(start), end: passage.start + points.toUtf16(end), score, why: 'Presidio Analyzer recognised it' }];
  });
}

function isOffset(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
