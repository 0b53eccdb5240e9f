import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createEngine, readPolicy } from './engine.ts';
import { scanInPool } from './pool.ts';
import type { FileReport } from './report.ts';
import { scanFile } from './scan-file.ts';
import type { EngineSpec } from './task.ts';

const cwd = mkdtempSync(join(tmpdir(), 'pii-gate-pool-'));
after(() => rmSync(cwd, { recursive: true, force: true }));

const paths = Array.from({ length: 300 }, (_, index) => `d${index % 7}/f${index}.ts`);
for (const [index, path] of paths.entries()) {
  mkdirSync(join(cwd, path, '..'), { recursive: true });
  writeFileSync(join(cwd, path), index % 11 === 0 ? `// ask person${index}@mailbox.org\n` : 'export const nothing = 1;\n');
}
writeFileSync(join(cwd, 'd0/f0.ts'), Buffer.of(0, 1, 2, 0));
paths.splice(20, 0, 'd0/missing.ts');

const spec: EngineSpec = { policy: { name: '.pii-gate.yaml', text: '' }, choices: {}, cwd };
const engine = createEngine(readPolicy(spec.policy).policy, spec.choices);
const expected = paths.map((path) => scanFile(path, engine, spec));
const workerFile = join(import.meta.dirname, 'worker.ts');

for (const { why, threads, own, patience } of [
  { why: 'this thread alone', threads: 1, own: true, patience: 0 },
  { why: 'this thread and another', threads: 2, own: true, patience: 0 },
  { why: 'two others', threads: 2, own: false, patience: 0 },
  { why: 'a job that ends before another thread is worth its start', threads: 4, own: true, patience: 60_000 },
]) test(`reports come complete and in order: ${why}`, async () => {
  const reports: FileReport[] = [];
  for await (const report of scanInPool(paths.values(), { threads, workerFile, spec, patience }, own ? engine : undefined)) reports.push(report);
  assert.deepEqual(reports, expected);
});

test('no paths, no reports', async () => {
  for (const own of [engine, undefined]) for await (const report of scanInPool([].values(), { threads: 2, workerFile, spec }, own)) assert.fail(JSON.stringify(report));
});

test('a thread that dies fails the scan', async () => {
  const broken = { threads: 1, workerFile: join(import.meta.dirname, 'no-such-worker.ts'), spec };
  await assert.rejects(async () => { for await (const report of scanInPool(paths.values(), broken)) assert.fail(JSON.stringify(report)); });
});
