/** `pii-gate scan` over a tree of small source files, on one core and on all: files a second, beside what reading alone costs. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const bundled = join(root, 'dist/cli.js');
const cli = existsSync(bundled) ? bundled : join(root, 'cli/main.ts');
const files = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let bytes = 0;
for (let index = 0; index < files; index++) {
  const sub = join(folder, `d${index % 200}`);
  if (index < 200) mkdirSync(sub);
  const text = `import { load } from './load.js';\n${'// a line of a comment that says what the code does\n'.repeat(6)}export function f${index}(value: number): number {\n${'  const next = load(value + 1) * 2;\n'.repeat(14)}  return next;\n}\n${index % 50 === 0 ? `// ask person${index}@acme-shop.com\n` : ''}`;
  bytes += text.length;
  writeFileSync(join(sub, `f${index}.ts`), text);
}

/** Milliseconds of wall time and of CPU of one run. */
function run(paths: readonly string[], threads: number): { readonly wall: number; readonly cpu: number; readonly findings: number } {
  const before = process.resourceUsage();
  const began = performance.now();
  const { stdout } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', cli, 'scan', ...paths, '--threads', String(threads), '--format', 'jsonl'], { maxBuffer: 1 << 28 });
  return { wall: performance.now() - began, cpu: process.resourceUsage().userCPUTime - before.userCPUTime, findings: stdout.toString().split('\n').length - 1 };
}

function row(name: string, value: string): void {
  console.log(`${name.padEnd(60)} ${value.padStart(16)}`);
}

const one = join(folder, 'd0', 'f0.ts');
const start = Math.min(...[1, 2, 3].map(() => run([one], 1).wall));
row(`tree`, `${files.toLocaleString('en-US')} × ${Math.round(bytes / files)} B`);
row('start-up (scan of one file)', `${start.toFixed(0)} ms`);
for (const threads of [...new Set([1, availableParallelism()])]) {
  const best = [1, 2, 3].map(() => run([folder], threads)).reduce((left, right) => (left.wall < right.wall ? left : right));
  row(`${threads} thread${threads === 1 ? '' : 's'}: files a second, start-up included`, Math.round(files / (best.wall / 1000)).toLocaleString('en-US'));
  row(`${threads} thread${threads === 1 ? '' : 's'}: files a second and core, start-up taken off`, Math.round(files / ((best.wall - start) / 1000) / threads).toLocaleString('en-US'));
  row(`${threads} thread${threads === 1 ? '' : 's'}: findings`, String(best.findings));
}
const began = performance.now();
for (const sub of readdirSync(folder)) for (const name of readdirSync(join(folder, sub))) readFileSync(join(folder, sub, name), 'utf8');
row('reading the same files and nothing else, one thread', `${Math.round(files / ((performance.now() - began) / 1000)).toLocaleString('en-US')} files/s`);
