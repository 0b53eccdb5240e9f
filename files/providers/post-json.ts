/** JSON over HTTP for providers. */
import type { PostJson } from '#core/providers/presidio.ts';

/** Redirects are refused: text goes where the user said, nowhere else. */
export const postJson: PostJson = async (url, body, signal) => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), redirect: 'error', signal });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) as unknown };
  } catch {
    return { status: response.status, body: undefined };
  }
};
