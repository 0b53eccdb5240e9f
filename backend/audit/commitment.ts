/**
 * Free text (reasons, comments) is no part of the trail: a salted digest of it is. While the text is kept with its request, the trail
 * proves what was said; once the text and its salt are erased, the digest gives nothing away and the chain holds as before.
 */
import { createHash } from 'node:crypto';
import type { StoredRequest } from '../store/store.ts';

/** `sha256:` and SHA-256 of the request's salt, U+0000 and the text, base64url; nothing for no text. */
export function commitTo({ salt }: Pick<StoredRequest, 'salt'>, text: string): string {
  return text === '' ? '' : `sha256:${createHash('sha256').update(`${salt ?? ''}\0${text}`).digest('base64url')}`;
}
