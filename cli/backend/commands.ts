/** The commands of the approval service: `serve`, `audit`, `receipt`, `policy`. Their work is the backend's; it is loaded only here. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { exit, UserError } from '../exit.ts';
import type { Process } from '../process.ts';

interface ServeFlags {
  data: string;
  users?: string;
  policy?: string;
  host: string;
  port: number;
  inbox?: string;
  trustedProxy?: string[];
  secureCookies?: boolean;
  newToken?: boolean;
  channels?: string;
  keys?: string;
  oidc?: string;
  publicUrl?: string;
  broker?: string;
  anchor?: string[];
  keepRequests?: number;
}

export function addBackendCommands(program: Command, process: Process, done: (code: number) => void): void {
  const io = {
    out: (line: string) => void process.stdout.write(`${line}\n`),
    err: (line: string) => void process.stderr.write(`${line}\n`),
  };
  const path = (name: string): string => resolve(process.cwd, name);
  /** A PostgreSQL store is named in the environment: its URL holds a password. */
  const store = process.env['PII_GATE_STORE_URL'] ? { storeUrl: process.env['PII_GATE_STORE_URL'] } : {};
  const optional = (key: string, name: string | undefined) => (name === undefined ? {} : { [key]: path(name) });

  program.command('serve')
    .description('Run the approval service: requests, decisions, grants, audit, the reviewer\'s inbox.')
    .option('--data <dir>', 'folder of its store, keys and audit trail', '.pii-gate-data')
    .option('--users <file>', 'people, roles and hashed tokens (default <data>/users.yaml)')
    .option('--policy <file>', 'approval policy (default: the one that ships)')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on, 0 for any', port, 8787)
    .option('--inbox <dir>', 'built inbox to serve at / (default: the one that ships)')
    .option('--trusted-proxy <address...>', 'proxies whose forwarded headers count')
    .option('--secure-cookies', 'mark cookies Secure: behind TLS')
    .option('--channels <file>', 'where requests are announced: Slack, Teams, e-mail, webhooks')
    .option('--keys <dir>', 'folder of the signing keys, shared by instances on one PostgreSQL (default <data>/keys)')
    .option('--oidc <file>', 'OpenID Connect provider to accept sign-ins of')
    .option('--public-url <url>', 'where people reach the service when it is behind a proxy')
    .option('--broker <file>', 'databases that the service itself runs approved statements on')
    .option('--anchor <place...>', 'where the head of the audit trail goes as well: file:PATH, git:FOLDER, https://…')
    .option('--keep-requests <days>', 'days after which statements, reasons and comments of requests that are over are erased (default: kept)', days)
    .option('--new-token', 'print a new token and its hash for the users file, and end')
    .addHelpText('after', '\nA PostgreSQL store is named by its URL in PII_GATE_STORE_URL (it holds a password).\nExample:\n  pii-gate serve --data ./gate --users users.yaml --port 8787\n')
    .action(async (flags: ServeFlags) => {
      const backend = await import('#backend/cli.ts');
      if (flags.newToken === true) return done(backend.printNewToken(io));
      const shipped = join(process.here, 'inbox');
      const inbox = flags.inbox === undefined ? (existsSync(shipped) ? shipped : undefined) : path(flags.inbox);
      let serving: Awaited<ReturnType<typeof backend.serve>>;
      try {
        serving = await backend.serve({
          dataDir: path(flags.data),
          host: flags.host,
          port: flags.port,
          ...optional('users', flags.users),
          ...optional('policy', flags.policy),
          ...optional('channels', flags.channels),
          ...optional('keysDir', flags.keys),
          ...optional('oidc', flags.oidc),
          ...optional('broker', flags.broker),
          ...(flags.publicUrl === undefined ? {} : { publicUrl: flags.publicUrl }),
          ...(flags.anchor === undefined ? {} : { anchors: flags.anchor }),
          ...(flags.keepRequests === undefined ? {} : { keepRequestsMs: flags.keepRequests * 86_400_000 }),
          ...(process.env['PII_GATE_STORE_URL'] ? { store: { url: process.env['PII_GATE_STORE_URL'] } } : {}),
          ...(inbox === undefined ? {} : { inbox }),
          ...(flags.trustedProxy === undefined ? {} : { trustedProxies: flags.trustedProxy }),
          ...(flags.secureCookies === true ? { secureCookies: true } : {}),
        }, io);
      } catch (error) {
        throw new UserError(`the approval service did not start: ${error instanceof Error ? error.message : 'unknown error'}`);
      }
      await process.stopped();
      await serving.backend.close();
      done(exit.clean);
    });

  program.command('backup')
    .description('Copy the SQLite store of a running service, consistently.')
    .argument('<file>', 'new file for the copy')
    .option('--data <dir>', 'folder of the approval service', '.pii-gate-data')
    .action(async (name: string, flags: { data: string }) => {
      const { backupStore } = await import('#backend/cli.ts');
      done(await backupStore({ dataDir: path(flags.data), target: path(name) }, io));
    });

  const audit = program.command('audit').description('The audit trail, of a data folder or of the PostgreSQL store that PII_GATE_STORE_URL names.');
  audit.command('verify')
    .description('Check the chain, the signatures and the anchored head. Exit 0 intact, 1 not intact, 2 could not be read.')
    .option('--data <dir>', 'folder of the approval service', '.pii-gate-data')
    .option('--file <file>', 'a trail exported as JSON lines instead of the store')
    .option('--anchor <file>', 'anchored head kept elsewhere')
    .option('--keys <dir>', 'folder of the signing keys (default <data>/keys)')
    .option('--key <file>', 'public key or JWKS kept elsewhere')
    .option('--json', 'write the report as JSON')
    .option('--every-signature', 'verify each signature also beyond 20,000 records (hashes are all checked anyway)')
    .action(async (flags: { data: string; file?: string; anchor?: string; keys?: string; key?: string; json?: boolean; everySignature?: boolean }) => {
      const { auditVerify } = await import('#backend/cli.ts');
      done(await auditVerify({
        dataDir: path(flags.data),
        ...store,
        ...optional('keysDir', flags.keys),
        ...optional('file', flags.file),
        ...optional('anchor', flags.anchor),
        ...optional('key', flags.key),
        ...(flags.json === true ? { json: true } : {}),
        ...(flags.everySignature === true ? { everySignature: true } : {}),
      }, io));
    });

  audit.command('export')
    .description('Write the trail for a SIEM, or send it to a collector as CEF in RFC 5424 frames.')
    .option('--data <dir>', 'folder of the approval service', '.pii-gate-data')
    .option('--format <name>', 'jsonl (verifiable by itself), ocsf, cef, ecs or otel', 'jsonl')
    .option('--output <file>', 'file to write (default: standard output)')
    .option('--syslog <url>', 'tls://host:port or tcp://host:port')
    .option('--ca <file>', 'certificate authority of the collector (PEM)')
    .option('--after <seq>', 'only records after this sequence number', sequence)
    .action(async (flags: { data: string; format: string; output?: string; syslog?: string; ca?: string; after?: number }) => {
      const { auditExport } = await import('#backend/cli.ts');
      done(await auditExport({
        dataDir: path(flags.data), ...store, format: flags.format, ...optional('output', flags.output),
        ...(flags.syslog === undefined ? {} : { syslog: flags.syslog }),
        ...(flags.ca === undefined ? {} : { ca: readFileSync(path(flags.ca), 'utf8') }),
        ...(flags.after === undefined ? {} : { after: flags.after }),
      }, io));
    });
  audit.command('rotate-key')
    .description('Go on with a new audit key, introduced by the old one. Stop the service first.')
    .option('--data <dir>', 'folder of the approval service', '.pii-gate-data')
    .option('--keys <dir>', 'folder of the signing keys (default <data>/keys)')
    .action(async (flags: { data: string; keys?: string }) => {
      const { auditRotateKey } = await import('#backend/cli.ts');
      done(await auditRotateKey({ dataDir: path(flags.data), ...store, ...optional('keysDir', flags.keys) }, io));
    });
  audit.command('prune')
    .description('Move old records to an archive without breaking the chain. The service may be running.')
    .option('--data <dir>', 'folder of the approval service', '.pii-gate-data')
    .option('--keys <dir>', 'folder of the signing keys (default <data>/keys)')
    .requiredOption('--before <date>', 'records before this moment go', moment)
    .requiredOption('--archive <file>', 'new file for them')
    .action(async (flags: { data: string; keys?: string; before: number; archive: string }) => {
      const { auditPrune } = await import('#backend/cli.ts');
      done(await auditPrune({ dataDir: path(flags.data), ...store, ...optional('keysDir', flags.keys), before: flags.before, archive: path(flags.archive) }, io));
    });

  program.command('receipt').description('Receipts of used approvals.')
    .command('verify')
    .description('Check a kept receipt or grant offline. Exit 0 holds, 1 does not, 2 could not be read.')
    .argument('<file>', 'file with the signed receipt')
    .requiredOption('--keys <file>', 'the service\'s key set, kept from /v1/keys')
    .option('--trail <file>', 'exported trail that must hold the use')
    .action(async (name: string, flags: { keys: string; trail?: string }) => {
      const { receiptVerify } = await import('#backend/cli.ts');
      done(await receiptVerify({ file: path(name), keys: path(flags.keys), ...optional('trail', flags.trail) }, io));
    });

  const policy = program.command('policy').description('The approval policy.');
  const file = (name: string | undefined): string | undefined => (name === undefined ? undefined : path(name));
  policy.command('check')
    .description('Check an approval policy; problems name line and column.')
    .argument('[file]', 'policy file (default: the one that ships)')
    .action(async (name: string | undefined) => {
      const { policyCheck } = await import('#backend/cli.ts');
      done(policyCheck(file(name), io));
    });
  policy.command('test')
    .description('Run cases against a policy: each says what a request must come to.')
    .argument('<cases>', 'file of cases')
    .option('--policy <file>', 'policy file (default: the one that ships)')
    .action(async (cases: string, flags: { policy?: string }) => {
      const { policyTest } = await import('#backend/cli.ts');
      done(policyTest(file(flags.policy), path(cases), io));
    });
  policy.command('explain')
    .description('Show for each case which rules fired and why.')
    .argument('<cases>', 'file of cases')
    .option('--policy <file>', 'policy file (default: the one that ships)')
    .option('--case <name>', 'only this case')
    .action(async (cases: string, flags: { policy?: string; case?: string }) => {
      const { policyExplain } = await import('#backend/cli.ts');
      done(policyExplain(file(flags.policy), path(cases), flags.case, io));
    });
}

function sequence(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('Expected a sequence number.');
  return value;
}

function days(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 36_500) throw new InvalidArgumentError('Expected a number of days, from 1.');
  return value;
}

function moment(text: string): number {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError('Expected a date such as 2026-01-31.');
  return value;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return value;
}
