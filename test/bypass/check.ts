/** Registers one test for each entry of the corpus of a dialect. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InventoryEntry } from '#core/statement/inventory.ts';
import type { Session } from '#query/drivers/driver.ts';
import type { BypassCase } from './case.ts';
import { runThroughGate } from './gate.ts';
import { shownIn } from './planted.ts';

export interface BypassTarget {
  readonly name: string;
  readonly cases: readonly BypassCase[];
  readonly entries: readonly InventoryEntry[];
  /** A fresh session; each case gets its own. */
  readonly connect: (readOnly: boolean) => Promise<Session>;
  /** Puts everything back after a case that writes. */
  readonly replant: () => Promise<void>;
}

export function checkCorpus(target: BypassTarget): void {
  const tricks = target.cases.map((c) => c.trick);
  test(`${target.name}: every trick is named once`, () => { assert.deepEqual(tricks.filter((t, i) => tricks.indexOf(t) !== i), []); });
  for (const bypass of target.cases) test(`${target.name}: ${bypass.trick}`, () => check(bypass, target));
}

async function check(bypass: BypassCase, target: BypassTarget): Promise<void> {
  const { sql, reveals = 'values', expect = 'asks' } = bypass;
  const raw = await using(target, bypass, (session) => runDirectly(sql, session));
  if (reveals === 'error') assert.ok(raw.error !== undefined, `the database runs it: it answers ${raw.text.slice(0, 200)}`);
  else assert.equal(raw.error, undefined, 'the attack is not real: the database refuses it');
  if (reveals === 'values') assert.ok(shownIn(raw.text).length > 0, `the attack is not real: its answer holds no planted value: ${raw.text.slice(0, 200)}`);

  const shown = await using(target, bypass, (session) => runThroughGate(sql, session, target.entries));
  if (expect === 'asks') assert.ok(shown.asked, 'it runs without asking');
  const lines = shown.rows.map((row) => row.map((cell) => cell.text ?? '').join(' '));
  const columns = (shown.rows[0] ?? []).map((_, index) => shown.rows.map((row) => row[index]?.text ?? '').join(''));
  const texts = [...lines, ...columns, shown.error ?? ''];
  for (const text of texts) assert.deepEqual(shownIn(text), [], `shown to the requester: ${text.slice(0, 300)} (columns: ${shown.columns.join(' | ')})`);
  for (const index of bypass.masked ?? []) {
    for (const row of shown.rows) assert.ok(row[index]?.text === null || row[index]?.masked, `column ${index} is not masked: ${row[index]?.text}`);
  }
}

async function using<T>(target: BypassTarget, bypass: BypassCase, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await target.connect(bypass.writes !== true);
  try {
    for (const sql of bypass.before ?? []) assert.equal((await runDirectly(sql, session)).error, undefined, `what came before failed: ${sql}`);
    return await work(session);
  } finally {
    await session.close();
    if (bypass.writes) await target.replant();
  }
}

/** Past everything of ours but the driver. */
async function runDirectly(sql: string, session: Session): Promise<{ readonly text: string; readonly error: string | undefined }> {
  let text = '';
  try {
    for await (const page of session.execute(sql, [], { maxRows: 1_000, pageSize: 100, timeoutMs: 10_000 })) {
      for (const row of page.rows) text += `${row.map((value) => plain(value)).join(' ')}\n`;
    }
    return { text, error: undefined };
  } catch (error) {
    return { text, error: error instanceof Error ? error.message : String(error) };
  }
}

function plain(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
