/** Entry point of `pii-gate` (`dist/cli.js`). No top-level await: the bundle is CommonJS. */
import { run } from './program.ts';

void run(process.argv.slice(2), {
  cwd: process.cwd(),
  here: import.meta.dirname,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  colour: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
  env: process.env,
  stopped: () => new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, () => resolve());
  }),
}).then((code) => {
  process.exitCode = code;
});
