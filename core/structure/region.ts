/** A stretch of a document that holds a text of its own: another language, another encoding. */
import type { Field } from './field.ts';
import type { DocumentKind } from '../engine/detector.ts';
import type { Writing } from '../wire/finding.ts';
import type { DecodedText } from './decoded.ts';

export interface Region {
  /** UTF-16 offsets in the document. Nothing else is found in here. */
  readonly start: number;
  readonly end: number;
  readonly content: DecodedText;
  readonly kind: DocumentKind;
  /** When the whole content is the value of a key. */
  readonly field: Field | undefined;
  readonly writing: Writing;
  /** Which offsets of the document count; all when absent. */
  readonly counts?: (offset: number) => boolean;
  /** A delimited text without a header of its own. */
  readonly headless?: boolean;
}
