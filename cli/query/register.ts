/** The `query` command and its options. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../exit.ts';
import { createOutput } from '../io/output.ts';
import type { Process } from '../process.ts';
import { queryFormats, type QueryFormat } from './print.ts';

interface QueryFlags {
  connectionUrl?: string; connection: string; environment: 'development' | 'staging' | 'production' | 'critical'; backend?: string;
  reason?: string; format: QueryFormat; maxRows: number; timeout: number; wait: number; policy?: string;
}

export function addQueryCommand(program: Command, process: Process, done: (code: number) => void): void {
  program.command('query')
    .description('Run one SQL statement through the gate. Rows come out masked.')
    .argument('<sql>', 'the statement; - reads it from standard input')
    .option('--connection-url <url>', 'postgres://…, mysql://…, sqlite:FILE')
    .option('--connection <id>', 'name of the connection, as policy and audit know it', 'cli')
    .addOption(new Option('--environment <role>', 'what the database is').choices(['development', 'staging', 'production', 'critical']).default('production'))
    .option('--backend <url>', 'approval backend; the token comes from PII_GATE_TOKEN')
    .option('--reason <text>', 'why: sent with the request when an approval is needed')
    .addOption(new Option('--format <format>', 'how to print rows').choices([...queryFormats]).default('table'))
    .option('--max-rows <number>', 'at most this many rows', count, 1000)
    .option('--timeout <seconds>', 'statement time-out', count, 60)
    .option('--wait <seconds>', 'how long to wait for a decision', count, 600)
    .option('--policy <file>', 'workspace policy (default .pii-gate.yaml, if there is one)')
    .addHelpText('after', '\nExit codes: 0 ran, 2 error, 3 not let through (denied, expired, needs a reason, no backend).\nExample:\n  pii-gate query --connection-url sqlite:shop.db --environment staging "SELECT status, count(*) FROM orders GROUP BY status"\n')
    .action(async (sql: string, flags: QueryFlags) => {
      if (flags.connectionUrl === undefined) throw new UserError('query: name a database with --connection-url.');
      const token = process.env.PII_GATE_TOKEN;
      if (flags.backend !== undefined && (token === undefined || token === '')) throw new UserError('query: --backend needs your token in PII_GATE_TOKEN.');
      const { query } = await import('./command.ts');
      const { loadPolicy } = await import('../policy.ts');
      const { maskingKey } = await import('../mask/key.ts');
      done(await query({
        connectionUrl: flags.connectionUrl, connectionId: flags.connection, environment: flags.environment, statement: sql === '-' ? await read(process.stdin) : sql,
        format: flags.format, maxRows: flags.maxRows, timeoutMs: flags.timeout * 1000, waitMs: flags.wait * 1000,
        ...(flags.backend === undefined ? {} : { backend: { url: flags.backend, token: token ?? '' } }), ...(flags.reason === undefined ? {} : { reason: flags.reason }),
      }, {
        cwd: process.cwd, here: process.here, key: maskingKey(process.env.PII_GATE_KEY), policy: loadPolicy(flags.policy, process.cwd).policy,
        out: createOutput(process.stdout), err: createOutput(process.stderr),
      }));
    });
}

async function read(stdin: Process['stdin']): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8').trim();
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Expected a whole number from 1.');
  return value;
}
