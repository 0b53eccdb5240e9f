/** People at work while something is killed under them, and the check afterwards that nothing acknowledged is lost. */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { sampleRequest } from './sample.ts';

export interface RunningService { readonly child: ChildProcess; readonly url: string }

/** The service as a process of its own. */
export async function startService(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<RunningService> {
  const child = fork(join(import.meta.dirname, '../main.ts'), [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { ...process.env, ...environment } });
  const [message] = (await once(child, 'message')) as [{ type: string; url: string }];
  assert.equal(message.type, 'listening');
  return { child, url: message.url };
}

export async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** What was answered: request ids with the state that the last answer named. */
export type Acknowledged = Map<string, ApprovalRequest['state']>;

/**
 * Eight at a time ask and decide; after `answers` decisions, with others on their way, `strike` is called once. Ends when every one
 * of the eight was refused something.
 */
export async function workUntilStruck(url: string, tokens: Readonly<Record<string, string>>, acknowledged: Acknowledged, answers: number, strike: () => void): Promise<void> {
  const call = async (who: string, path: string, body: unknown): Promise<ApprovalRequest> => {
    const response = await fetch(url + path, { method: 'POST', headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    assert.ok(response.ok);
    return (await response.json()) as ApprovalRequest;
  };
  let answered = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      const { id, state } = await call('dana', '/v1/requests', { ...sampleRequest(), idempotencyKey: crypto.randomUUID() });
      acknowledged.set(id, state);
      const decided = await call('sam', `/v1/requests/${id}/decisions`, { decision: 'approve', comment: '' });
      acknowledged.set(id, decided.state);
      answered += 1;
      if (answered === answers) strike();
    }
  };
  await Promise.all(Array.from({ length: 8 }, () => work().catch(() => undefined)));
}

/** A decision whose answer was lost may stand; one that was answered must. */
export async function nothingIsLost(url: string, token: string, acknowledged: Acknowledged): Promise<void> {
  for (const [id, state] of acknowledged) {
    const response = await fetch(`${url}/v1/requests/${id}`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(response.status, 200, `request ${id} is lost`);
    const request = (await response.json()) as ApprovalRequest;
    if (state === 'approved') assert.equal(request.state, 'approved', `the decision on ${id} is lost`);
  }
}
