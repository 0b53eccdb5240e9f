/** `kill -9` at any moment: whatever was acknowledged is there after the restart, and the trail is intact. */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import { auditVerify } from './cli.ts';
import { newUsers } from './identity/new-users.ts';
import { samplePeople, sampleRequest } from './testing/sample.ts';

interface Running { readonly child: ChildProcess; readonly url: string }

async function start(dataDir: string, users: string): Promise<Running> {
  const child = fork(join(import.meta.dirname, 'main.ts'), ['--data-dir', dataDir, '--users', users], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ type: string; url: string }];
  assert.equal(message.type, 'listening');
  return { child, url: message.url };
}

test('killed three times in the middle of work', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pii-gate-kill-'));
  const { yaml, tokens } = newUsers(samplePeople);
  const users = join(folder, 'users.yaml');
  writeFileSync(users, yaml);
  const dataDir = join(folder, 'data');
  const acknowledged = new Map<string, string>();
  try {
    for (let round = 0; round < 3; round += 1) {
      const { child, url } = await start(dataDir, users);
      const call = async (who: string, path: string, body: unknown): Promise<ApprovalRequest> => {
        const response = await fetch(url + path, { method: 'POST', headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
        assert.ok(response.ok);
        return (await response.json()) as ApprovalRequest;
      };
      let answered = 0;
      /** Works until the connection dies under it. */
      const work = async (): Promise<void> => {
        for (;;) {
          const { id, state } = await call('dana', '/v1/requests', { ...sampleRequest(), idempotencyKey: crypto.randomUUID() });
          acknowledged.set(id, state);
          const decided = await call('sam', `/v1/requests/${id}/decisions`, { decision: 'approve', comment: '' });
          acknowledged.set(id, decided.state);
          answered += 1;
          // Not after a fixed time: after so many answers, with others on their way.
          if (answered === 25 + round * 10) child.kill('SIGKILL');
        }
      };
      const exited = once(child, 'exit');
      await Promise.all(Array.from({ length: 8 }, () => work().catch(() => undefined)));
      await exited;
    }
    const { child, url } = await start(dataDir, users);
    for (const [id, state] of acknowledged) {
      const response = await fetch(`${url}/v1/requests/${id}`, { headers: { authorization: `Bearer ${tokens.dana}` } });
      assert.equal(response.status, 200, `request ${id} is lost`);
      const request = (await response.json()) as ApprovalRequest;
      // A decision whose answer was lost may stand; one that was answered must.
      if (state === 'approved') assert.equal(request.state, 'approved', `the decision on ${id} is lost`);
    }
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
    const lines: string[] = [];
    const io = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
    assert.equal(await auditVerify({ dataDir }, io), 0, lines.join('\n'));
    assert.ok(acknowledged.size > 75);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
