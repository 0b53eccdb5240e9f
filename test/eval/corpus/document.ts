/** A labelled document, and the writer that keeps its spans exact while the text grows. */

export interface Span { readonly start: number; readonly end: number; readonly entity: string }
export interface LabelledDocument {
  readonly id: string;
  /** What kind of file it is, for the per-kind figures. */
  readonly kind: string;
  readonly languageId: string;
  readonly filename: string;
  readonly text: string;
  /** UTF-16 offsets, in order. */
  readonly spans: readonly Span[];
}

/** Appends text and labelled values. `value` labels exactly what it appends, after `encode` (quoting, escaping). */
export class LabelledText {
  #text = '';
  readonly #spans: Span[] = [];

  add(text: string): this { this.#text += text; return this; }

  value(value: string, entity: string | undefined): this {
    if (entity !== undefined) this.#spans.push({ start: this.#text.length, end: this.#text.length + value.length, entity });
    this.#text += value;
    return this;
  }
  finish(id: string, kind: string, languageId: string, filename: string): LabelledDocument {
    return { id, kind, languageId, filename, text: this.#text, spans: this.#spans };
  }
}
