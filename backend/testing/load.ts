/** Load for the bench and for tests of crowds: whole cycles over HTTP on kept-alive connections. */
import { Agent, request as httpRequest } from 'node:http';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { sampleRequest } from './sample.ts';

export interface Client {
  call(who: string, method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly text: string }>;
  close(): void;
}

export function createClient(url: string, tokens: Readonly<Record<string, string>>, sockets: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets });
  const { hostname, port } = new URL(url);
  return {
    call(who, method, path, body) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      return new Promise((resolve, reject) => {
        const sent = httpRequest({
          agent, hostname, port, method, path,
          headers: { authorization: `Bearer ${tokens[who]}`, ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }) },
        }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
          response.on('error', reject);
        });
        sent.on('error', reject);
        sent.end(text);
      });
    },
    close: () => agent.destroy(),
  };
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
