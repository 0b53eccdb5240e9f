/** Facts and prediction for every statement of a document: what code lenses and the status say before anything is run. */
import type { ApprovalClient } from '#approvals/ask.ts';
import type { Verdict } from '#core/wire/approval.ts';
import type { ConnectionSettings, StatementInfo, StatementsParams } from '#core/wire/protocol.ts';
import { emptyCatalogue } from '#core/statement/catalogue.ts';
import type { Connections } from '#query/connections/connections.ts';
import type { GateContext } from './gate-context.ts';
import { reasonOf } from '#approvals/permission.ts';
import { DEFAULT_MAX_ROWS } from './run-statement.ts';

/** Lenses may be a little behind the schema; running is not. Milliseconds. */
const CATALOGUE_AGE_MS = 30_000;
/** A document with more statements has lenses on the first ones only. */
const MAX_STATEMENTS = 500;
const MAX_PREDICTIONS = 500;

export class Statements {
  readonly #context: GateContext;
  readonly #connections: Connections;
  readonly #predictions = new Map<string, Promise<Verdict | undefined>>();

  readonly #connectionByUri = new Map<string, string>();

  constructor(context: GateContext, connections: Connections) {
    this.#context = context;
    this.#connections = connections;
  }

  /** The connection that a document was last looked at with. */
  connectionOf(uri: string): string | undefined { return this.#connectionByUri.get(uri); }

  forgetPredictions(): void { this.#predictions.clear(); }

  async list({ uri, connectionId }: StatementsParams): Promise<StatementInfo[]> {
    const text = this.#context.texts.get(uri)?.text();
    if (text === undefined) return [];
    if (connectionId !== undefined) this.#connectionByUri.set(uri, connectionId);
    const settings = connectionId === undefined ? undefined : this.#connections.get(connectionId);
    const { analyser } = await this.#context.tools();
    const spans = analyser.split(text, settings?.dialect ?? 'postgresql').slice(0, MAX_STATEMENTS);
    const known = settings ?? { id: '', name: '', dialect: 'postgresql', environment: 'production' } as const;
    // Without trust or a connection nothing is connected to: every table is unknown then, and the lens says so.
    const catalogue = settings && this.#context.trusted()
      ? await this.#connections.catalogue(settings.id, undefined, CATALOGUE_AGE_MS).catch(() => undefined) : undefined;
    return Promise.all(spans.map(async ({ start, end }) => {
      const { facts, assessment } = await this.#context.understand(text.slice(start, end), known, catalogue ?? emptyCatalogue(), uri);
      const base = { start, end, facts, sensitive: assessment.sensitive };
      if (!settings) return { ...base, summary: 'Choose a connection to run this' };
      if (!this.#context.trusted()) return { ...base, summary: 'Does not run in an untrusted workspace' };
      if (!catalogue) return { ...base, summary: `${settings.name} can't be reached` };
      if (!assessment.sensitive) return { ...base, summary: 'Runs now' };
      const client = this.#context.client();
      const verdict = client ? await this.#predict(client, settings, facts) : undefined;
      return { ...base, ...(verdict ? { verdict } : {}), summary: summary(verdict, facts, settings, client !== undefined) };
    }));
  }

  #predict(client: ApprovalClient, settings: ConnectionSettings, facts: StatementInfo['facts']): Promise<Verdict | undefined> {
    const key = JSON.stringify([settings, facts]);
    const known = this.#predictions.get(key);
    if (known) return known;
    const predicted = client.port.evaluate({
      facts, connection: this.#connections.identity(settings), capability: 'run',
      scope: { columns: [], maxRows: settings.maxRows ?? DEFAULT_MAX_ROWS, destination: { kind: 'grid' }, use: 'once', durationMs: 15 * 60_000 },
    }, AbortSignal.timeout(5_000)).then((answer) => {
      if (!answer.ok) this.#predictions.delete(key);
      return answer.ok ? answer.value : undefined;
    });
    this.#predictions.set(key, predicted);
    const oldest = this.#predictions.keys().next();
    if (this.#predictions.size > MAX_PREDICTIONS && !oldest.done) this.#predictions.delete(oldest.value);
    return predicted;
  }
}

/** "Needs 1 data-steward: reads customers.ssn, customers.email (≈ 12,000 rows, production)" */
function summary(verdict: Verdict | undefined, facts: StatementInfo['facts'], settings: ConnectionSettings, backend: boolean): string {
  const rows = facts.estimatedRows === undefined ? '' : `≈ ${facts.estimatedRows.toLocaleString('en')} rows, `;
  const what = `${reasonOf(facts)} (${rows}${settings.environment})`;
  if (!verdict) return backend ? `Needs approval: ${what}. The backend can't be reached` : `Needs approval: ${what}. No approval backend is configured`;
  switch (verdict.effect) {
    case 'allow': return `Runs now, allowed by policy: ${what}`;
    case 'mask': return `Runs now, masked: ${what}`;
    case 'deny': return `Denied by policy: ${what}`;
    case 'review': return `Needs ${verdict.approvers.map((s) => `${s.count} ${s.anyOf.join(' or ')}`).join(', then ') || 'approval'}: ${what}`;
  }
}
