/** `npm run bench [name …]`: runs the benchmarks of `test/bench` one after another, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { buildAll } from './build.ts';
import { root } from './bundles.ts';

const all = globSync('test/bench/*.bench.ts', { cwd: root }).sort();
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const unknown = wanted.filter((name) => !all.some((file) => basename(file) === `${name}.bench.ts`));
if (unknown.length > 0) {
  console.error(`Unknown benchmark ${unknown.join(', ')}. There are: ${all.map((file) => basename(file, '.bench.ts')).join(', ')}`);
  process.exit(2);
}
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`);
await buildAll();
let failures = 0;
for (const file of all) {
  if (wanted.length > 0 && !wanted.some((name) => basename(file) === `${name}.bench.ts`)) continue;
  console.log(`\n## ${basename(file, '.bench.ts')}`);
  const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--expose-gc', join(root, file), ...flags], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) failures++;
}
process.exit(failures === 0 ? 0 : 1);
