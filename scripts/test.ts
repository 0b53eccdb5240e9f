/**
 * `npm test`: type check, lint with the layering rule, build, then every test. Ends with the line `N passed, N failed`.
 * `npm test -- unit protocol` runs only the groups named; `npm test -- path/to/x.test.ts` only those files.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { buildAll } from './build.ts';
import { root } from './bundles.ts';
import { ensureChromium } from './workbench/browser.ts';
import { ensureWorkbench } from './workbench/install.ts';

interface Group {
  readonly name: string;
  readonly files: readonly string[];
  /** Test files that run at the same time. */
  readonly concurrency: number;
  readonly prepare?: () => void;
}

const found = (...patterns: string[]) => globSync(patterns, { cwd: root, exclude: (path) => path.includes('node_modules') }).sort();

const groups: readonly Group[] = [
  { name: 'unit', files: found('{core,rules,query,approvals,server,client,backend,cli,scripts}/**/*.test.ts').filter((file) => !file.startsWith('backend/web/')), concurrency: 2 },
  { name: 'protocol', files: found('test/protocol/**/*.test.ts', 'test/*.test.ts', 'test/eval/**/*.test.ts'), concurrency: 2 },
  { name: 'database', files: found('test/databases/**/*.test.ts', 'test/bypass/**/*.test.ts'), concurrency: 1 },
  { name: 'inbox', files: found('test/inbox/**/*.test.ts', 'backend/web/**/*.test.ts'), concurrency: 1, prepare: () => void ensureChromium() },
  { name: 'workbench', files: found('test/workbench/**/*.test.ts'), concurrency: 1, prepare: () => { ensureChromium(); ensureWorkbench(); } },
];

let passed = 0;
let failed = 0;
const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

function check(name: string, work: () => void): void {
  const started = Date.now();
  console.log(`\n── ${name}`);
  try {
    work();
    passed++;
    console.log(`${name}: ok (${seconds(started)})`);
  } catch (error) {
    failed++;
    console.error(`${name}: FAILED (${seconds(started)})\n${error instanceof Error ? error.message : error}`);
  }
}

function command(program: string, args: readonly string[]): void {
  const result = spawnSync(join(root, 'node_modules', '.bin', program), args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}\n${result.stdout}${result.stderr}`.trim());
}

async function runGroup(group: Group): Promise<void> {
  const started = Date.now();
  const before = { passed, failed };
  console.log(`\n── ${group.name} (${group.files.length} files)`);
  if (group.files.length === 0) throw new Error(`no test files in group ${group.name}`);
  group.prepare?.();
  const events = run({ files: group.files.map((file) => join(root, file)), concurrency: group.concurrency, cwd: root, timeout: 600_000, execArgv: ['--disable-warning=ExperimentalWarning'] });
  events.on('test:pass', ({ details, skip, todo }) => { if (details.type !== 'suite' && skip === undefined && todo === undefined) passed++; });
  events.on('test:fail', ({ details }) => { if (details.type !== 'suite') failed++; });
  for await (const line of events.compose(new spec())) process.stdout.write(line);
  console.log(`${group.name}: ${passed - before.passed} passed, ${failed - before.failed} failed (${seconds(started)})`);
}

const wanted = process.argv.slice(2);
const namedGroups = groups.filter((group) => wanted.includes(group.name));
const files = wanted.filter((name) => name.endsWith('.test.ts'));
const unknown = wanted.filter((name) => !files.includes(name) && !namedGroups.some((group) => group.name === name));
if (unknown.length > 0) {
  console.error(`Unknown test group ${unknown.join(', ')}. Groups: ${groups.map((group) => group.name).join(', ')}; or name *.test.ts files.`);
  process.exit(2);
}
const selected = wanted.length === 0 ? groups : [...namedGroups, ...(files.length > 0 ? [{ name: 'files', files, concurrency: 1 }] : [])];

if (wanted.length === 0) {
  check('type check', () => command('tsc', ['-b']));
  check('lint and layering', () => command('biome', ['lint', '--error-on-warnings', '.']));
}
try {
  await buildAll();
  passed++;
} catch (error) {
  failed++;
  console.error(`build: FAILED\n${error instanceof Error ? error.message : error}`);
}
for (const group of selected) {
  try {
    await runGroup(group);
  } catch (error) {
    failed++;
    console.error(`${group.name}: could not run. ${error instanceof Error ? error.message : error}`);
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
