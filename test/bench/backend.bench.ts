/**
 * `node test/bench/backend.bench.ts [--json] [--quick]`: the approval service under load. The service is a process of its own, as in use; the
 * load comes from this one. A cycle is four requests: ask, decide, fetch the grant, use it. Not a test: nothing passes or fails.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchorOf } from '#backend/audit/anchor.ts';
import { chain, genesis, type AuditHead, type AuditRecord } from '#backend/audit/record.ts';
import { verifyAudit } from '#backend/audit/verify.ts';
import { newUsers } from '#backend/identity/new-users.ts';
import { signingKey } from '#backend/keys/key-files.ts';
import { createClient, cycle, type Client } from '#backend/testing/load.ts';
import { samplePeople } from '#backend/testing/sample.ts';
import { startPostgres } from '../databases/postgres.ts';

interface Measure { readonly name: string; readonly value: number; readonly unit: string; readonly note?: string }

const quick = process.argv.includes('--quick');
const measures: Measure[] = [];
const add = (name: string, value: number, unit: string, note?: string): void => {
  measures.push({ name, value, unit, ...(note === undefined ? {} : { note }) });
  if (!process.argv.includes('--json')) console.log(`${name.padEnd(62)} ${value.toFixed(value < 10 ? 2 : 0).padStart(9)} ${unit}${note === undefined ? '' : `  (${note})`}`);
};
const quantile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

const folder = mkdtempSync(join(tmpdir(), 'pii-gate-bench-'));
const { yaml, tokens } = newUsers(samplePeople);
writeFileSync(join(folder, 'users.yaml'), yaml);

async function startService(name: string, environment: Readonly<Record<string, string>> = {}): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(join(import.meta.dirname, '../../backend/main.ts'), ['--data-dir', join(folder, name), '--users', join(folder, 'users.yaml')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--disable-warning=ExperimentalWarning'], env: { ...process.env, ...environment, PII_GATE_RATE_LIMIT: '100000000' },
  });
  const [message] = (await once(child, 'message')) as [{ url: string }];
  return { child, url: message.url };
}

/** `workers` cycles at a time. Latencies of the single requests come back, ms. */
async function load(client: Client, cycles: number, workers: number): Promise<{ seconds: number; steps: number[] }> {
  const steps: number[] = [];
  let left = cycles;
  const start = performance.now();
  await Promise.all(Array.from({ length: workers }, async () => {
    while (left > 0) {
      left -= 1;
      await cycle(client, (ms) => steps.push(ms));
    }
  }));
  return { seconds: (performance.now() - start) / 1000, steps };
}

/** Somebody who watches: reads and drops, at the least cost to the machine that it shares with the service. */
function watch(url: string, who: string): Promise<() => void> {
  const { hostname, port, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`GET /v1/events HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${tokens[who]}\r\n\r\n`));
    socket.once('data', () => {
      socket.on('data', () => undefined);
      resolve(() => socket.destroy());
    });
    socket.on('error', reject);
  });
}

async function measureStore(name: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const { child, url } = await startService(name, environment);
  const client = createClient(url, tokens, 64);
  try {
    await load(client, 400, 32);
    const before = await cpuSeconds(client);
    const full = await load(client, quick ? 1_000 : 4_000, 48);
    const cpu = (await cpuSeconds(client)) - before;
    add(`${name}: full cycles`, full.steps.length / 4 / full.seconds, 'cycles/s', `${full.steps.length} requests, 48 at a time`);
    add(`${name}: processor time of the service for a cycle`, (cpu * 1000) / (full.steps.length / 4), 'ms', 'does not depend on what else the machine does');
    add(`${name}: a request under that load, p50`, quantile(full.steps, 0.5), 'ms');
    add(`${name}: a request under that load, p99`, quantile(full.steps, 0.99), 'ms');
    const stops = await Promise.all(Array.from({ length: 200 }, (_, index) => watch(url, index % 2 === 0 ? 'sam' : 'stella')));
    const watched = await load(client, quick ? 200 : 600, 4);
    add(`${name}: a request with 200 live watchers, p99`, quantile(watched.steps, 0.99), 'ms', `${(watched.steps.length / 4 / watched.seconds).toFixed(0)} cycles/s, 4 at a time`);
    for (const stop of stops) stop();
    add(`${name}: decision → the requester's editor hears`, await resume(client, url), 'ms', 'median of 50');
  } finally {
    client.close();
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}

/** Processor time that the service has used, by its own metrics. */
async function cpuSeconds(client: Client): Promise<number> {
  const { text } = await client.call('aria', 'GET', '/v1/metrics');
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
}

/** Milliseconds from sending a decision until the requester's event stream carries the approved request. */
async function resume(client: Client, url: string): Promise<number> {
  const waiting = new Map<string, () => void>();
  let opened: () => void = () => undefined;
  const open = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const request = get(`${url}/v1/events`, { headers: { authorization: `Bearer ${tokens.dana}` } }, (response) => {
    response.setEncoding('utf8');
    let text = '';
    response.on('data', (chunk: string) => {
      text += chunk;
      opened();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const frame = text.slice(0, end);
        text = text.slice(end + 2);
        if (!frame.includes('"grant":"')) continue;
        const id = /"id":"([^"]+)","state"/.exec(frame)?.[1];
        waiting.get(id ?? '')?.();
      }
    });
    response.on('error', () => undefined);
  });
  request.on('error', () => undefined);
  await open;
  const times: number[] = [];
  for (let index = 0; index < 50; index += 1) {
    const { sampleRequest } = await import('#backend/testing/sample.ts');
    const { text } = await client.call('dana', 'POST', '/v1/requests', { ...sampleRequest(), idempotencyKey: crypto.randomUUID() });
    const { id } = JSON.parse(text) as { id: string };
    const heard = new Promise<void>((resolve) => waiting.set(id, resolve));
    const start = performance.now();
    await client.call('sam', 'POST', `/v1/requests/${id}/decisions`, { decision: 'approve', comment: '' });
    await heard;
    times.push(performance.now() - start);
  }
  request.destroy();
  return quantile(times, 0.5);
}

async function measureVerify(records: number): Promise<void> {
  const key = await signingKey(generateKeyPairSync('ed25519').privateKey);
  // Records are made as they are read, off the clock's account: a million would not fit in memory beside everything else.
  const file = join(folder, 'trail.jsonl');
  const { createWriteStream } = await import('node:fs');
  const out = createWriteStream(file);
  let head: AuditHead = genesis;
  for (let index = 0; index < records; index += 1) {
    const record: AuditRecord = chain(head, { at: index, type: 'request.created', actor: { id: 'dana', kind: 'person' }, request: `request-${index}`, data: { digest: 'd'.repeat(43), rows: index, columns: ['customers.ssn'] } }, key);
    head = record;
    if (!out.write(`${JSON.stringify(record)}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  const { trailOfFile } = await import('#backend/audit/read-trail.ts');
  for (const [name, everySignatureUpTo] of [['as the command does (all hashes, sparse signatures)', 20_000], ['every signature', Number.POSITIVE_INFINITY]] as const) {
    const start = performance.now();
    const report = await verifyAudit(trailOfFile(file), { trusted: new Map([[key.kid, key.publicKey]]), anchor: anchorOf(head, key, 1), everySignatureUpTo });
    add(`verify ${records.toLocaleString('en')} audit records: ${name}`, (performance.now() - start) / 1000, 's', report.ok ? 'intact' : `NOT intact: ${report.failure?.message}`);
  }
}

try {
  await measureStore('sqlite', {});
  const database = await startPostgres();
  try {
    const { host, port, user, database: name } = database.settings;
    await measureStore('postgresql', { PII_GATE_STORE_URL: `postgresql://${user}:${database.password}@${host}:${port}/${name}` });
  } finally {
    await database.stop();
  }
  await measureVerify(quick ? 20_000 : 1_000_000);
  if (process.argv.includes('--json')) console.log(JSON.stringify(measures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
