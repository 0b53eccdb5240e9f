/** `kill -9` at any moment: whatever was acknowledged is there after the restart, and the trail is intact. PostgreSQL: test/databases. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { auditVerify } from './cli.ts';
import { newUsers } from './identity/new-users.ts';
import { end, nothingIsLost, startService, workUntilStruck, type Acknowledged } from './testing/kill-rounds.ts';
import { samplePeople } from './testing/sample.ts';

test('killed three times in the middle of work', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pii-gate-kill-'));
  const { yaml, tokens } = newUsers(samplePeople);
  const users = join(folder, 'users.yaml');
  writeFileSync(users, yaml);
  const dataDir = join(folder, 'data');
  const start = () => startService(['--data-dir', dataDir, '--users', users]);
  const acknowledged: Acknowledged = new Map();
  try {
    for (let round = 0; round < 3; round += 1) {
      const { child, url } = await start();
      await workUntilStruck(url, tokens, acknowledged, 25 + round * 10, () => child.kill('SIGKILL'));
    }
    const { child, url } = await start();
    await nothingIsLost(url, tokens.dana ?? '', acknowledged);
    await end(child, 'SIGTERM');
    const lines: string[] = [];
    const io = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
    assert.equal(await auditVerify({ dataDir }, io), 0, lines.join('\n'));
    assert.ok(acknowledged.size > 75);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
