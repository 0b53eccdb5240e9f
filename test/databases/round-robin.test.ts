/**
 * The service's own tests once more, where every backend that they start is two instances on one PostgreSQL behind a round-robin
 * proxy: whoever asks at one decides at the other. What is left out tests a single process: its files, its rate limits, its sockets.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pairVariable } from '#backend/testing/sample.ts';
import { startPostgres } from './postgres.ts';
import type { StartedDatabase } from './started.ts';

const root = join(import.meta.dirname, '../..');
const files = [
  'http/events', 'http/fuzz', 'http/session', 'insights/insights', 'requests/comments', 'requests/drift', 'requests/quorum', 'requests/resubmission', 'requests/reuse', 'requests/special',
  'requests/states',
];
let database: StartedDatabase;
before(async () => {
  database = await startPostgres();
});
after(() => database.stop());

test('asked at one instance, decided at the other', async () => {
  const { host, port, user, database: name } = database.settings;
  const { NODE_TEST_CONTEXT: _runner, ...environment } = process.env;
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning', '--test', '--test-reporter=tap', '--test-timeout=120000', ...files.map((file) => join('backend', `${file}.test.ts`)),
  ], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...environment, [pairVariable]: `postgresql://${user}:${database.password}@${host}:${port}/${name}` } });
  let report = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    report += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  assert.equal(code, 0, report.split('\n').filter((line) => !/^\s*ok /.test(line)).join('\n').slice(-8_000));
  assert.ok(Number(/^# pass (\d+)$/m.exec(report)?.[1]) > 60, report.slice(-500));
});
