/** A process that is killed leaves no raw row behind: not a name, not a byte that can be read. */
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const canary = '536-22-8726 of Zebulon Quickwater';
/** Holds far more rows than its memory may, says so, and waits to be killed. */
const program = `
import { MemoryBudget, RowStore } from ${JSON.stringify(path.join(import.meta.dirname, 'row-store.ts'))};
import { WireRows } from ${JSON.stringify(path.join(import.meta.dirname, '../drivers/wire-rows.ts'))};
const store = new RowStore(new MemoryBudget(10_000), process.argv[1]);
for (let i = 0; i < 40; i++) store.append(Array.from({ length: 500 }, (_, j) => [i * 500 + j, ${JSON.stringify(canary)}]));
const cell = Buffer.from(${JSON.stringify(canary)});
const head = Buffer.alloc(6);
head.writeInt16BE(1, 0);
head.writeInt32BE(cell.length, 2);
const one = Buffer.concat([head, cell]);
for (let i = 0; i < 20; i++) store.append(new WireRows(Buffer.concat(Array.from({ length: 500 }, () => one)), Uint32Array.from({ length: 500 }, (_, j) => j * one.length), 500, ['text']));
if (store.row(0)?.[1] !== ${JSON.stringify(canary)} || store.row(20_000)?.[0] !== ${JSON.stringify(canary)}) throw new Error('the rows are not there');
console.log(String(store.spilledBytes));
setInterval(() => undefined, 1000);
`;

test('kill -9 leaves nothing of a result on disk', { timeout: 30_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pii-gate-crash-'));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [said] = await once(child.stdout, 'data') as [Buffer];
    const spilled = Number(said.toString());
    assert.ok(spilled > 500_000, `${spilled} bytes were spilled`);
    const files: string[] = readdirSync(folder).map((name) => path.join(folder, name));
    // Where the system lets a file be without a name, it has none; its bytes are still to be seen by way of the process.
    const descriptors = `/proc/${child.pid}/fd`;
    if (existsSync(descriptors)) {
      assert.equal(files.length, 0);
      for (const fd of readdirSync(descriptors)) if (/pii-gate-.*\.spill/.test(linkOf(path.join(descriptors, fd)))) files.push(path.join(descriptors, fd));
    }
    assert.equal(files.length, 1, 'there is one file to look into');
    for (const file of files) {
      assert.equal(statSync(file).size, spilled);
      const bytes = readFileSync(file);
      assert.equal(bytes.indexOf('8726'), -1);
      assert.equal(bytes.indexOf('Zebulon'), -1);
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    if (process.platform !== 'win32') assert.deepEqual(readdirSync(folder), []);
    // The key died with the process; what a system without nameless files keeps can't be read by anybody.
    for (const name of readdirSync(folder)) assert.equal(readFileSync(path.join(folder, name)).indexOf('8726'), -1);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Empty where the descriptor has been closed in between. */
function linkOf(file: string): string {
  try { return readlinkSync(file); } catch { return ''; }
}
