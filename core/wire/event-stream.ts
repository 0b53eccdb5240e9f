/** Reads `text/event-stream` as the HTML standard says (section 9.2.6, "Interpreting an event stream"). */

export interface StreamedEvent {
  /** The last id seen, also from earlier events; empty when there was none. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** An event larger than this (UTF-16 units) ends the stream: a backend never sends one. */
const MAX_EVENT = 8 * 1024 * 1024;

export interface EventParser {
  /** Takes the next piece of text and gives the events that it completes. Throws RangeError past the size limit. */
  push(chunk: string): StreamedEvent[];
  /** Milliseconds to wait before reconnecting, where the server said so. */
  retryMs(): number | undefined;
}

/** One parser a connection. `lastId` is carried over from the connection before. */
export function createEventParser(lastId = ''): EventParser {
  let id = lastId;
  let pending = '';
  let event = '';
  let data: string[] = [];
  let retry: number | undefined;
  let afterCarriageReturn = false;
  let first = true;

  function field(line: string, out: StreamedEvent[]): void {
    if (line === '') {
      if (data.length > 0) out.push({ id, event: event === '' ? 'message' : event, data: data.join('\n') });
      event = '';
      data = [];
      return;
    }
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const rest = colon < 0 ? '' : line.slice(colon + 1);
    const value = rest.startsWith(' ') ? rest.slice(1) : rest;
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) retry = Number(value);
  }

  return {
    push(chunk) {
      let text = first && chunk.startsWith('\uFEFF') ? chunk.slice(1) : chunk;
      if (chunk !== '') first = false;
      // CR LF split between two chunks is one line end.
      if (afterCarriageReturn && text.startsWith('\n')) text = text.slice(1);
      if (chunk !== '') afterCarriageReturn = chunk.endsWith('\r');
      pending += text;
      const out: StreamedEvent[] = [];
      const lines = pending.split(/\r\n|\r|\n/);
      pending = lines.pop() ?? '';
      for (const line of lines) field(line, out);
      if (pending.length + data.reduce((n, d) => n + d.length, 0) > MAX_EVENT) {
        throw new RangeError('The backend sent an event that is too large.');
      }
      return out;
    },
    retryMs: () => retry,
  };
}
