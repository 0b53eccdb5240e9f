/** Sends records to a collector: RFC 5424 messages over TCP or TLS, framed by octet counting (RFC 6587, 3.4.1; RFC 5425). */
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { toCef } from './formats/cef.ts';
import type { AuditRecord } from './record.ts';

/** `tls://host:6514` or `tcp://host:601`. Resolves with the number sent when the collector has taken all of it. */
export async function sendToSyslog(records: AsyncIterable<AuditRecord>, target: string, host: string, options: { readonly ca?: string; readonly timeoutMs?: number } = {}): Promise<number> {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (!url || (url.protocol !== 'tls:' && url.protocol !== 'tcp:') || url.port === '') throw new Error(`"${target}" is not tls://host:port or tcp://host:port`);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const socket: Socket = url.protocol === 'tls:'
    ? connectTls({ host: hostname, port: Number(url.port), servername: hostname, ...(options.ca === undefined ? {} : { ca: options.ca }) })
    : connectTcp({ host: hostname, port: Number(url.port) });
  socket.setTimeout(options.timeoutMs ?? 30_000, () => socket.destroy(new Error('The collector does not answer')));
  await once(socket, url.protocol === 'tls:' ? 'secureConnect' : 'connect');
  let sent = 0;
  for await (const record of records) {
    const message = Buffer.from(toCef(record, host));
    if (!socket.write(Buffer.concat([Buffer.from(`${message.length} `), message]))) await once(socket, 'drain');
    sent += 1;
  }
  const closed = once(socket, 'close');
  socket.end();
  socket.resume();
  await closed;
  return sent;
}
