/**
 * A server that speaks enough of TDS 7.4 (MS-TDS) for tests of the SQL Server driver: login, batches, sp_executesql,
 * result sets, errors, attention. It knows no SQL: a word in the statement chooses the answer.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface TdsServer {
  readonly port: number;
  /** Text of each batch and procedure call, in order; `ATTENTION` for a cancel. */
  readonly seen: string[];
  close(): Promise<void>;
}

const u16 = (n: number): Buffer => { const b = Buffer.alloc(2); b.writeUInt16LE(n); return b; };
const u32 = (n: number): Buffer => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
const u64 = (n: number): Buffer => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt(n)); return b; };
const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const short = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), ucs2(text)]);
const long = (text: string): Buffer => Buffer.concat([u16(text.length), ucs2(text)]);

/** Packet types. */
const BATCH = 1, RPC = 3, REPLY = 4, ATTENTION = 6, LOGIN = 16, PRELOGIN = 18;

function reply(socket: Socket, payload: Buffer, last = true): undefined {
  const header = Buffer.from([REPLY, last ? 1 : 0, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(payload.length + 8, 2);
  socket.write(Buffer.concat([header, payload]));
}

const done = (status: number, rows = 0): Buffer => Buffer.concat([Buffer.from([0xfd]), u16(status), u16(0xc1), u64(rows)]);
const inProc = (rows: number): Buffer => Buffer.concat([Buffer.from([0xff]), u16(0x11), u16(0xc1), u64(rows)]);
const doneProc = Buffer.concat([Buffer.from([0x79]), u32(0), Buffer.from([0xfe]), u16(0), u16(0xe0), u64(0)]);
const failure = (number: number, message: string): Buffer => {
  const body = Buffer.concat([u32(number), Buffer.from([1, 14]), long(message), short('tds'), short(''), u32(1)]);
  return Buffer.concat([Buffer.from([0xaa]), u16(body.length), body, done(2)]);
};

/** Columns: `i` is an integer, `t` a text, `b` a bit. */
type Column = readonly [name: string, type: 'i' | 't' | 'b'];
function metadata(columns: readonly Column[]): Buffer {
  const type = { i: Buffer.from([0x38]), t: Buffer.concat([Buffer.from([0xe7]), u16(400), Buffer.from([9, 4, 0xd0, 0, 52])]), b: Buffer.from([0x32]) };
  return Buffer.concat([Buffer.from([0x81]), u16(columns.length), ...columns.map(([name, kind]) => Buffer.concat([u32(0), u16(0), type[kind], short(name)]))]);
}
function row(columns: readonly Column[], values: readonly (number | string | null)[]): Buffer {
  return Buffer.concat([Buffer.from([0xd1]), ...values.map((v, i) => {
    const kind = columns[i]?.[1];
    if (kind === 'i') { const b = Buffer.alloc(4); b.writeInt32LE(Number(v)); return b; }
    if (kind === 'b') return Buffer.from([Number(v)]);
    return v === null ? u16(0xffff) : Buffer.concat([u16(ucs2(String(v)).length), ucs2(String(v))]);
  })]);
}

const numbers: readonly Column[] = [['i', 'i'], ['t', 't']];
const described: readonly Column[] = [['is_hidden', 'b'], ['name', 't'], ['system_type_name', 't'], ['source_schema', 't'], ['source_table', 't'], ['source_column', 't']];

export async function startTdsServer(): Promise<TdsServer> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket, seen);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port, seen,
    close: () => new Promise((resolve) => { for (const s of sockets) s.destroy(); server.close(() => resolve()); }),
  };
}

function serve(socket: Socket, seen: string[]): void {
  let pending = Buffer.alloc(0);
  let message: Buffer[] = [];
  let stopEndless: (() => void) | undefined;
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 8 && pending.length >= pending.readUInt16BE(2)) {
      const length = pending.readUInt16BE(2);
      const [type, status] = [pending[0] ?? 0, pending[1] ?? 0];
      message.push(pending.subarray(8, length));
      pending = pending.subarray(length);
      if ((status & 1) === 0) continue;
      const payload = Buffer.concat(message);
      message = [];
      answer(type, payload);
    }
  });

  function answer(type: number, payload: Buffer): undefined {
    switch (type) {
      case PRELOGIN:
        // VERSION and ENCRYPTION (2: not supported), then the terminator.
        return reply(socket, Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 15, 0, 0, 0, 0, 0, 2]));
      case LOGIN: {
        if (payload.toString('utf16le').includes('nobody')) return reply(socket, failure(18456, 'Login failed.'));
        const body = Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), short('tds'), Buffer.from([15, 0, 0, 0])]);
        return reply(socket, Buffer.concat([Buffer.from([0xad]), u16(body.length), body, done(0)]));
      }
      case ATTENTION:
        seen.push('ATTENTION');
        // The answer in progress ends, then the attention is acknowledged in a message of its own.
        if (stopEndless) {
          stopEndless();
          stopEndless = undefined;
          reply(socket, done(2));
        }
        return reply(socket, done(0x20));
      case BATCH: {
        const text = payload.subarray(payload.readUInt32LE(0)).toString('utf16le');
        if (!text.startsWith('set ')) seen.push(text);
        return reply(socket, done(0));
      }
      case RPC: return procedure(payload);
      default: socket.destroy(); return undefined;
    }
  }

  function procedure(payload: Buffer): undefined {
    // The text stands at an even or an odd offset.
    const text = payload.toString('utf16le') + payload.subarray(1).toString('utf16le');
    const statement = /(SELECT|UPDATE|EXEC sys)[\x20-\x7e]*/.exec(text)?.[0] ?? '';
    seen.push(statement);
    const set = (columns: readonly Column[], rows: readonly (readonly (number | string | null)[])[]): Buffer => Buffer.concat([metadata(columns), ...rows.map((r) => row(columns, r)), inProc(rows.length)]);
    const count = (n: number): (readonly [number, string])[] => Array.from({ length: n }, (_, i) => [i, `row ${i}`] as const);
    if (statement.includes('SUSER_SNAME')) return reply(socket, Buffer.concat([set([['', 't']], [['app']]), doneProc]));
    if (statement.startsWith('EXEC sys')) return reply(socket, Buffer.concat([set(described, [[0, 'id', 'varchar(20)', 'dbo', 'users', 'ssn'], [0, 'n', 'int', null, null, null], [1, 'hidden', 'int', 'dbo', 'users', 'id']]), doneProc]));
    if (statement.includes('sleep')) { stopEndless = () => undefined; return; }
    if (statement.includes('fail')) return reply(socket, failure(245, "Conversion failed when converting the varchar value '536-22-8726' to data type int."));
    if (statement.includes('twice')) return reply(socket, Buffer.concat([set(numbers, count(2)), set([['only', 'i']], [[7]]), doneProc]));
    if (statement.includes('UPDATE')) return reply(socket, Buffer.concat([inProc(3), doneProc]));
    if (statement.includes('endless')) {
      reply(socket, metadata(numbers), false);
      const timer = setInterval(() => { if (socket.writableLength < 1 << 20) reply(socket, Buffer.concat(count(200).map((r) => row(numbers, r))), false); }, 1);
      stopEndless = () => clearInterval(timer);
      socket.on('close', () => clearInterval(timer));
      return;
    }
    reply(socket, Buffer.concat([set(numbers, count(25)), doneProc]));
  }
}
