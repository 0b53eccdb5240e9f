/** Labels of words → spans. Reads BIO, BIOES and plain labels; the first piece of a word speaks for it. */
import type { ProviderSpan } from '../provider.ts';

export interface LabelledWord {
  readonly start: number;
  readonly end: number;
  /** One number a label, before softmax. */
  readonly logits: ArrayLike<number>;
}

/** CoNLL's and common PII data sets' names → ours. Labels that mean nothing personal (MISC, ORG) are not there. */
export const commonLabels: Readonly<Record<string, string>> = {
  PER: 'PERSON', PERSON: 'PERSON', NAME: 'PERSON', GIVENNAME: 'PERSON', SURNAME: 'PERSON', FIRSTNAME: 'PERSON', LASTNAME: 'PERSON',
  LOC: 'LOCATION', GPE: 'LOCATION', LOCATION: 'LOCATION', ADDRESS: 'ADDRESS', STREET: 'ADDRESS',
  EMAIL: 'EMAIL_ADDRESS', PHONE: 'PHONE_NUMBER', TELEPHONENUM: 'PHONE_NUMBER', DATEOFBIRTH: 'DATE_OF_BIRTH', NRP: 'NRP',
};

/**
 * @param labels by index, from the model's `id2label`
 * @param entities what a label means; labels without an entity are dropped
 */
export function spansOf(words: Iterable<LabelledWord>, labels: readonly string[], entities: Readonly<Record<string, string>>, why: string): readonly ProviderSpan[] {
  const spans: ProviderSpan[] = [];
  let open: { entity: string; start: number; end: number; scores: number[] } | undefined;
  const close = (): void => {
    if (open !== undefined) spans.push({ entity: open.entity, start: open.start, end: open.end, score: open.scores.reduce((sum, score) => sum + score, 0) / open.scores.length, why });
    open = undefined;
  };
  for (const { start, end, logits } of words) {
    const { index, score } = best(logits);
    const label = labels[index] ?? 'O';
    const tag = /^(?:([BIES])-)?(.+)$/.exec(label);
    const entity = label === 'O' ? undefined : entities[tag?.[2]?.toUpperCase() ?? ''];
    if (entity === undefined) {
      close();
      continue;
    }
    const begins = tag?.[1] === 'B' || tag?.[1] === 'S';
    if (open === undefined || open.entity !== entity || begins) {
      close();
      open = { entity, start, end, scores: [score] };
    } else {
      open.end = end;
      open.scores.push(score);
    }
  }
  close();
  return spans;
}

/** Softmax of the largest. */
function best(logits: ArrayLike<number>): { readonly index: number; readonly score: number } {
  let index = 0;
  for (let at = 1; at < logits.length; at++) if (logits[at]! > logits[index]!) index = at;
  let sum = 0;
  for (let at = 0; at < logits.length; at++) sum += Math.exp(logits[at]! - logits[index]!);
  return { index, score: 1 / sum };
}
