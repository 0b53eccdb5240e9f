/**
 * The embedded service as a process: `node backend.js --data-dir DIR [--host H] [--port N] [--users F] [--policy F] [--inbox DIR] [--keys DIR]`.
 * Over an IPC channel it tells its parent `{type: 'listening', url, token?}` and ends with it.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from './cli.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'data-dir': { type: 'string' }, host: { type: 'string' }, port: { type: 'string' }, users: { type: 'string' }, policy: { type: 'string' }, inbox: { type: 'string' }, keys: { type: 'string' },
    },
  });
  const dataDir = values['data-dir'];
  if (dataDir === undefined) throw new Error('--data-dir is needed: the folder for keys, requests and the audit trail');
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be a number from 0 to 65535');
  const io = { out: (line: string) => process.stdout.write(`${line}\n`), err: (line: string) => process.stderr.write(`${line}\n`) };
  // The parent gets a first token over its private channel; it is not printed then.
  const quiet = { out: (line: string) => (line.startsWith('Token of') ? undefined : io.out(line)), err: io.err };
  const { backend, firstToken } = await serve({
    dataDir, port, inbox: values.inbox ?? join(import.meta.dirname, 'inbox'),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.keys === undefined ? {} : { keysDir: values.keys }),
    ...(values.users === undefined ? {} : { users: values.users }),
    ...(values.policy === undefined ? {} : { policy: values.policy }),
    // A password: so from the environment, where no process list shows it.
    ...(process.env.PII_GATE_STORE_URL ? { store: { url: process.env.PII_GATE_STORE_URL } } : {}),
    ...(process.env.PII_GATE_RATE_LIMIT ? { rateLimit: Number(process.env.PII_GATE_RATE_LIMIT) } : {}),
  }, process.send ? quiet : io);
  const stop = (): void => {
    void backend.close().finally(() => process.exit(0));
  };
  process.once('disconnect', stop);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.send?.({ type: 'listening', url: backend.url, ...(firstToken === undefined ? {} : { token: firstToken }) });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The approval service could not start'}\n`);
  process.exitCode = 2;
});
