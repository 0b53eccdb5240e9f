/** Load for the bench and for tests of crowds: whole cycles over HTTP on kept-alive connections. */
import { connect, type Socket } from 'node:net';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { sampleRequest } from './sample.ts';

export interface Reply { readonly status: number; readonly text: string }

export interface Client {
  call(who: string, method: string, path: string, body?: unknown): Promise<Reply>;
  close(): void;
}

/** One kept-alive connection, one request at a time. */
interface Line { readonly socket: Socket; answer: { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void } | undefined; received: string }

/**
 * A client for load alone: it shares the processor with the service that it measures, so it does nothing but write requests and
 * cut answers by their `content-length` (which every answer of the API that is no stream has).
 *
 * @param sockets connections at most; further calls wait for one
 */
export function createClient(url: string, tokens: Readonly<Record<string, string>>, sockets: number): Client {
  const { hostname, port, host } = new URL(url);
  const lines = new Set<Line>();
  const idle: Line[] = [];
  const waiting: ((line: Line) => void)[] = [];

  function open(): Line {
    const line: Line = { socket: connect(Number(port), hostname), answer: undefined, received: '' };
    lines.add(line);
    line.socket.setNoDelay(true);
    // One unit a byte, so that lengths are lengths; decoded at the end.
    line.socket.setEncoding('latin1');
    line.socket.on('data', (chunk: string) => {
      line.received += chunk;
      const whole = cut(line.received);
      if (!whole) return;
      line.received = '';
      line.answer?.resolve(whole);
      line.answer = undefined;
      const next = waiting.shift();
      if (next) next(line);
      else idle.push(line);
    });
    const lost = (error?: Error): void => {
      if (!lines.delete(line)) return;
      const at = idle.indexOf(line);
      if (at >= 0) idle.splice(at, 1);
      line.answer?.reject(error ?? new Error('The service closed the connection'));
    };
    line.socket.on('error', lost);
    line.socket.on('close', () => lost());
    return line;
  }

  return {
    async call(who, method, path, body) {
      const text = body === undefined ? '' : JSON.stringify(body);
      const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${tokens[who]}\r\n`;
      const line = idle.pop() ?? (lines.size < sockets ? open() : await new Promise<Line>((resolve) => waiting.push(resolve)));
      return new Promise((resolve, reject) => {
        line.answer = { resolve, reject };
        line.socket.write(text === '' ? `${head}\r\n` : `${head}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
      });
    },
    close() {
      for (const { socket } of lines) socket.destroy();
    },
  };
}

/** The answer, once it is there whole. */
function cut(received: string): Reply | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.slice(0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const body = received.slice(end + 4);
  return body.length < length ? undefined : { status: Number(head.slice(9, 12)), text: Buffer.from(body, 'latin1').toString('utf8') };
}

/** create → decide → fetch the grant → consume. Throws when any step is refused. */
export async function cycle(client: Client, onStep: (ms: number) => void = () => undefined): Promise<void> {
  const step = async (who: string, method: string, path: string, body?: unknown): Promise<string> => {
    const start = performance.now();
    const { status, text } = await client.call(who, method, path, body);
    onStep(performance.now() - start);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text;
  };
  const body = { ...sampleRequest(), idempotencyKey: crypto.randomUUID() };
  const { id } = JSON.parse(await step('dana', 'POST', '/v1/requests', body)) as ApprovalRequest;
  await step('sam', 'POST', `/v1/requests/${id}/decisions`, { decision: 'approve', comment: '' });
  const { grant } = JSON.parse(await step('dana', 'GET', `/v1/requests/${id}`)) as ApprovalRequest;
  const { jti } = JSON.parse(Buffer.from(grant?.split('.')[1] ?? '', 'base64url').toString()) as { jti: string };
  await step('dana', 'POST', `/v1/grants/${jti}/consume`, { nonce: crypto.randomUUID(), digest: body.binding.digest, capability: 'run' });
}
