/** Entry point of `pii-gate` (`dist/cli.js`). */
import { run } from './program.ts';

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  colour: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
  env: process.env,
});
