/** The database's plan of a statement, for reviewers: what it scans and how much. Without values, and without running anything. */
import type { Detector } from '#core/engine/detector.ts';
import type { Dialect, StatementFacts } from '#core/wire/statement.ts';
import type { Session } from '#query/drivers/driver.ts';
import { cellText } from '#query/results/cell-text.ts';
import { redactText } from '#query/results/redact-message.ts';

const MAX_LINES = 60;
const MAX_LENGTH = 4000;
/** A plan that takes longer is not worth the wait. Milliseconds. */
const TIMEOUT_MS = 3000;

const prefixes: Readonly<Partial<Record<Dialect, string>>> = { postgresql: 'EXPLAIN ', mysql: 'EXPLAIN FORMAT=TREE ', mariadb: 'EXPLAIN ', sqlite: 'EXPLAIN QUERY PLAN ' };

/**
 * Undefined where there is none: writes, statements with parameters or with anything opaque in them are not explained,
 * since planning may call functions.
 */
export async function planOf(session: Session, statement: string, facts: StatementFacts, detector: Detector, signal?: AbortSignal): Promise<string | undefined> {
  const prefix = prefixes[session.dialect];
  if (prefix === undefined || facts.kind !== 'select' || !facts.readOnly || facts.opaque.length > 0 || facts.parameters.length > 0 || facts.statements !== 1) return undefined;
  const lines: string[] = [];
  try {
    for await (const page of session.execute(prefix + statement, [], { maxRows: MAX_LINES, pageSize: MAX_LINES, timeoutMs: TIMEOUT_MS, ...(signal ? { signal } : {}) })) {
      const names = page.columns.map((c) => c.name);
      for (const row of page.rows) lines.push(row.length === 1 ? cellText(row[0] ?? null) ?? '' : describe(session.dialect, names, row.map((v) => cellText(v))));
    }
  } catch {
    // A plan is a courtesy: the statement itself will say what is wrong with it.
    return undefined;
  }
  const text = lines.join('\n').slice(0, MAX_LENGTH);
  return text === '' ? undefined : text.split('\n').map((line) => redactLine(line, detector)).join('\n');
}

function describe(dialect: Dialect, names: readonly string[], cells: readonly (string | null)[]): string {
  if (dialect === 'sqlite') return cells.at(-1) ?? '';
  return names.flatMap((name, i) => (cells[i] === null || cells[i] === undefined ? [] : [`${name}=${cells[i]}`])).join(' ');
}

/** The planner's own figures stay; conditions lose their literals. */
function redactLine(line: string, detector: Detector): string {
  return line.split(/(\((?:cost|rows|actual)=?[^()]*\)|\brows=\d+)/).map((part, i) => (i % 2 === 1 ? part : redactText(part, '', detector, MAX_LENGTH))).join('');
}
