/** The language server as a client feels it: start, first diagnostics, a keystroke in a large file, memory. Through stdio, JSON and all. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProtocolConnection, type DocumentDiagnosticReport, type ProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver-protocol/node';
import { fullClient } from '../protocol/capabilities.ts';

const root = join(import.meta.dirname, '../..');
const bundled = join(root, 'dist/server.js');
const server = existsSync(bundled) ? bundled : join(root, 'server/main.ts');

interface Running { readonly child: ChildProcessWithoutNullStreams; readonly connection: ProtocolConnection; readonly readyMs: number }

async function start(): Promise<Running> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', server, '--stdio']);
  child.stderr.pipe(process.stderr);
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null));
  connection.onRequest('client/registerCapability', () => null);
  connection.onUnhandledNotification(() => {});
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: fullClient, workspaceFolders: [] });
  const readyMs = performance.now() - began;
  await connection.sendNotification('initialized', {});
  return { child, connection, readyMs };
}

async function stop({ child, connection }: Running): Promise<void> {
  const exited = once(child, 'exit');
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  await exited;
  connection.dispose();
}

const open = (connection: ProtocolConnection, uri: string, languageId: string, text: string) => connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
const pull = (connection: ProtocolConnection, uri: string): Promise<DocumentDiagnosticReport> => connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

function row(name: string, value: string): void {
  console.log(`${name.padEnd(66)} ${value.padStart(12)}`);
}

/** Megabytes of resident memory of a process, from /proc; NaN elsewhere. */
function residentMb(pid: number): number {
  const file = `/proc/${pid}/status`;
  return existsSync(file) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024 : Number.NaN;
}

const code = `${'const total = items.reduce((sum, item) => sum + item.price, 0); // nothing personal\n'.repeat(1250)}const mail = "jane.doe@acme-shop.com";\n`;
const csvRow = (index: number): string => `${index},person${index}@acme-shop.com,Springfield,2024-03-0${1 + (index % 9)},${(index * 37) % 1000}.50,open,some remark without any data of interest\n`;
const plainRow = (index: number): string => `${index},ref-${index},Springfield,2024-03-0${1 + (index % 9)},${(index * 37) % 1000}.50,open,some remark without any data of interest here\n`;

function table(head: string, line: (index: number) => string, bytes: number): string {
  const rows = [head];
  let size = head.length;
  for (let index = 0; size < bytes; index++) {
    const next = line(index);
    rows.push(next);
    size += next.length;
  }
  return rows.join('');
}

async function coldStart(): Promise<void> {
  const ready: number[] = [];
  const first: number[] = [];
  for (let round = 0; round < 7; round++) {
    const running = await start();
    ready.push(running.readyMs);
    const began = performance.now();
    await open(running.connection, 'file:///bench/a.ts', 'typescript', code);
    await pull(running.connection, 'file:///bench/a.ts');
    first.push(performance.now() - began);
    if (round === 6) row('resident memory after a 100 kB file', `${residentMb(running.child.pid!).toFixed(0)} MB`);
    await stop(running);
  }
  row('start to ready (median of 7)', `${quantile(ready, 0.5).toFixed(0)} ms`);
  row('first diagnostics of 100 kB of code in a fresh server (median of 7)', `${quantile(first, 0.5).toFixed(0)} ms`);
}

/** A keystroke is `didChange` and the pull that a client sends after it, to the answer. */
async function keystrokes(name: string, text: string, rounds = 240): Promise<void> {
  const running = await start();
  const { connection } = running;
  const uri = 'file:///bench/table.csv';
  const began = performance.now();
  await open(connection, uri, 'csv', text);
  const opened = await pull(connection, uri);
  row(`${name}: open to diagnostics (${opened.kind === 'full' ? opened.items.length : 0} shown)`, `${(performance.now() - began).toFixed(0)} ms`);
  const lines = text.split('\n').length;
  const took: number[] = [];
  let version = 1;
  const type = async (line: number, character: number, inserted: string, removed: number): Promise<number> => {
    const from = performance.now();
    version++;
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: { line, character }, end: { line, character: character + removed } }, text: inserted }],
    });
    await pull(connection, uri);
    return performance.now() - from;
  };
  for (let round = 0; round < rounds; round++) {
    const line = 1 + ((round * 7919) % (lines - 3));
    const there = await type(line, 1, 'x', 0);
    const back = await type(line, 1, '', 1);
    if (round >= rounds / 8) took.push(there, back);
  }
  row(`${name}: keystroke through LSP, p50`, `${quantile(took, 0.5).toFixed(2)} ms`);
  row(`${name}: keystroke through LSP, p99`, `${quantile(took, 0.99).toFixed(2)} ms`);
  row(`${name}: resident memory`, `${residentMb(running.child.pid!).toFixed(0)} MB`);
  await stop(running);
}

console.log(`server: ${server.slice(root.length + 1)}`);
await coldStart();
await keystrokes('10 MB CSV without personal data', table('id,reference,city,date,amount,status,remark\n', plainRow, 10e6));
await keystrokes('10 MB CSV with an e-mail address a row', table('id,email,city,date,amount,status,remark\n', csvRow, 10e6));
