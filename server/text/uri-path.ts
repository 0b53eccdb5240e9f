/** Names out of document URIs, which may be of any scheme. */

/** The decoded last path segment; the whole URI when it has none. */
export function basename(uri: string): string {
  const path = pathOf(uri);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name === '' ? uri : name;
}

/** The decoded path of a URI, without query and fragment. Never throws. */
export function pathOf(uri: string): string {
  const path = uri.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?/i, '').replace(/[?#].*$/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
