/** Slack as an app sees it: the Web API with its checks, and Socket Mode over a real WebSocket. */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface PostedMessage { readonly ts: string; readonly channel: string; readonly updates: number; readonly text: string; readonly blocks: readonly SlackBlock[] }
export interface SlackBlock { readonly type: string; readonly elements?: readonly { readonly type: string; readonly action_id?: string; readonly value?: string; readonly url?: string }[] }

export interface SlackServer {
  /** `…/api` */
  readonly api: string;
  readonly messages: ReadonlyMap<string, PostedMessage>;
  readonly ephemerals: readonly { readonly user: string; readonly text: string }[];
  readonly views: readonly { readonly callback_id: string; readonly private_metadata: string }[];
  /** Resolves once the condition holds; looked at after every call. */
  until<T>(find: () => T | undefined): Promise<T>;
  /** Sends an interaction over Socket Mode and gives what the app acknowledged. */
  overSocket(payload: object): Promise<Readonly<Record<string, unknown>>>;
  close(): void;
}

/** Lengths that Slack refuses to exceed ("Reference: blocks"). */
const limits: Readonly<Record<string, number>> = { header: 150, section: 3000 };

export async function startSlack(botToken: string, appToken: string, channel: string): Promise<SlackServer> {
  const messages = new Map<string, PostedMessage>();
  const ephemerals: { user: string; text: string }[] = [];
  const views: { callback_id: string; private_metadata: string }[] = [];
  const waiters = new Set<() => void>();
  const sockets = new Set<Socket>();
  const acknowledged = new Map<string, (answer: Readonly<Record<string, unknown>>) => void>();
  let tick = 1_700_000_000;
  const nextTs = (): string => {
    tick += 1;
    return `${tick}.000100`;
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Readonly<Record<string, unknown>>;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(request, body)));
      for (const waiter of [...waiters]) waiter();
    });
  });
  function answer(request: IncomingMessage, body: Readonly<Record<string, unknown>>): object {
    const method = /^\/api\/([a-z.A-Z]+)$/.exec(request.url ?? '')?.[1];
    const token = request.headers.authorization;
    if (method === 'apps.connections.open') return token === `Bearer ${appToken}` ? { ok: true, url: `ws://127.0.0.1:${port()}/link` } : { ok: false, error: 'invalid_auth' };
    if (token !== `Bearer ${botToken}`) return { ok: false, error: 'invalid_auth' };
    if (method === 'chat.postMessage' || method === 'chat.update') {
      if (body.channel !== channel) return { ok: false, error: 'channel_not_found' };
      const blocks = body.blocks as readonly SlackBlock[];
      if (!Array.isArray(blocks) || blocks.length > 50 || !blocks.every(fits)) return { ok: false, error: 'invalid_blocks' };
      const before = method === 'chat.update' ? messages.get(String(body.ts)) : undefined;
      if (method === 'chat.update' && before === undefined) return { ok: false, error: 'message_not_found' };
      const ts = before?.ts ?? nextTs();
      messages.set(ts, { ts, channel, updates: before === undefined ? 0 : before.updates + 1, text: String(body.text), blocks });
      return { ok: true, channel, ts };
    }
    if (method === 'chat.postEphemeral') {
      ephemerals.push({ user: String(body.user), text: String(body.text) });
      return { ok: true, message_ts: nextTs() };
    }
    if (method === 'views.open') {
      if (typeof body.trigger_id !== 'string' || body.trigger_id === '') return { ok: false, error: 'invalid_trigger' };
      views.push(body.view as { callback_id: string; private_metadata: string });
      return { ok: true, view: { id: 'V1' } };
    }
    return { ok: false, error: 'unknown_method' };
  }
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => sockets.delete(socket));
    let buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk]);
      for (let frame = unframe(buffer); frame !== undefined; frame = unframe(buffer)) {
        buffer = buffer.subarray(frame.length);
        if (frame.opcode === 8) socket.end();
        if (frame.opcode !== 1) continue;
        const value = JSON.parse(frame.text) as Readonly<Record<string, unknown>>;
        acknowledged.get(String(value.envelope_id))?.(value);
      }
    });
    socket.write(framed(JSON.stringify({ type: 'hello', num_connections: 1 })));
    for (const waiter of [...waiters]) waiter();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (): number => (server.address() as AddressInfo).port;

  const until = <T>(find: () => T | undefined): Promise<T> => new Promise((resolve) => {
    const look = (): void => {
      const found = find();
      if (found === undefined) return;
      waiters.delete(look);
      resolve(found);
    };
    waiters.add(look);
    look();
  });
  return {
    api: `http://127.0.0.1:${port()}/api`, messages, ephemerals, views, until,
    async overSocket(payload) {
      const socket = await until(() => [...sockets][0]);
      const envelope = randomUUID();
      const answered = new Promise<Readonly<Record<string, unknown>>>((resolve) => acknowledged.set(envelope, resolve));
      socket.write(framed(JSON.stringify({ type: 'interactive', envelope_id: envelope, accepts_response_payload: true, payload })));
      return answered;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

function fits(block: SlackBlock): boolean {
  const most = limits[block.type];
  const text: unknown = Reflect.get(block, 'text');
  const length = typeof text === 'object' && text !== null && 'text' in text && typeof text.text === 'string' ? text.text.length : 0;
  return most === undefined || (length > 0 || 'fields' in block) && length <= most;
}

/** A text frame of a server (RFC 6455, section 5.2): unmasked. */
function framed(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? Buffer.from([0x81, payload.length]) : Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, payload]);
}

/** The first whole frame of a client, unmasked; `undefined` while it is not all there. */
function unframe(buffer: Buffer): { readonly opcode: number; readonly text: string; readonly length: number } | undefined {
  if (buffer.length < 6) return undefined;
  const short = (buffer[1] ?? 0) & 127;
  const at = short === 126 ? 4 : 2;
  const size = short === 126 ? buffer.readUInt16BE(2) : short;
  if (buffer.length < at + 4 + size) return undefined;
  const mask = buffer.subarray(at, at + 4);
  const payload = buffer.subarray(at + 4, at + 4 + size).map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return { opcode: (buffer[0] ?? 0) & 15, text: Buffer.from(payload).toString('utf8'), length: at + 4 + size };
}
