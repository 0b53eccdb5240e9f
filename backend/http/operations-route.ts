/** What operators look at: `/v1/ready` for load balancers and `/v1/metrics` for Prometheus (text format 0.0.4). Names and counts only. */
import type { LiveFile } from '../policy/live-file.ts';
import type { Store } from '../store/store.ts';
import type { Feed } from '../events/feed.ts';
import { refuse } from '../requests/refusal.ts';
import { RefusalError, type App } from './app.ts';
import { subjectOf } from './authentication.ts';
import { problems } from './routes.ts';
import * as schema from './schemas.ts';

export interface OperationsDeps {
  readonly store: Store;
  readonly feed: Feed;
  readonly files: readonly LiveFile<unknown>[];
}

/** Upper bounds of the duration histogram, seconds. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export function addOperations(app: App, { store, feed, files }: OperationsDeps): void {
  const answers = new Map<string, number>();
  const buckets = bounds.map(() => 0);
  let durations = 0;
  let duration = 0;
  const events = new Map<string, number>();
  const stop = feed.subscribe((notices) => {
    for (const { type } of notices) events.set(type, (events.get(type) ?? 0) + 1);
  });
  app.addHook('onClose', async () => stop());
  app.addHook('onResponse', async (request, reply) => {
    const seconds = reply.elapsedTime / 1000;
    const key = `method="${request.method}",route="${request.routeOptions.url ?? 'none'}",status="${reply.statusCode}"`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
    durations += 1;
    duration += seconds;
    for (const [index, bound] of bounds.entries()) if (seconds <= bound) buckets[index] = (buckets[index] ?? 0) + 1;
  });

  app.get('/v1/ready', { config: { public: true }, schema: { summary: 'Can it serve: store and configuration', security: [], response: { 200: schema.ready, 503: schema.problem } } }, async () => {
    try {
      const { seq } = await store.read.auditHead();
      return { ready: true, store: store.kind, auditSeq: seq, configuration: files.every((file) => file.problems().length === 0) ? 'current' : 'older version in use' };
    } catch {
      throw new RefusalError(refuse(503, 'not-ready', 'The store does not answer.'));
    }
  });

  app.get('/v1/metrics', { schema: { summary: 'Prometheus metrics, for the roles metrics, auditor and admin', response: { 200: { description: 'Text format 0.0.4', content: { 'text/plain': { schema: { type: 'string' } } } }, ...problems } } }, async (request, reply) => {
    const { roles } = subjectOf(request);
    if (!['metrics', 'auditor', 'admin'].some((role) => roles.includes(role))) throw new RefusalError(refuse(403, 'forbidden', 'Metrics are for the roles metrics, auditor and admin.'));
    const [pending, head] = await Promise.all([store.read.requests({ states: ['pending'], limit: 1_000 }), store.read.auditHead()]);
    const oldest = pending.at(-1)?.createdAt;
    const lines = [
      metric('pii_gate_requests_pending', 'gauge', 'Requests that wait for a decision (at most 1000 are counted).', [['', pending.length]]),
      metric('pii_gate_oldest_pending_created_seconds', 'gauge', 'When the oldest waiting request was made, seconds since the epoch; 0 when none waits.', [['', (oldest ?? 0) / 1000]]),
      metric('pii_gate_audit_records_total', 'counter', 'Records in the audit trail.', [['', head.seq]]),
      metric('pii_gate_events_total', 'counter', 'Live events since the start.', [...events].map(([type, count]) => [`type="${type}"`, count])),
      metric('pii_gate_http_responses_total', 'counter', 'Answers since the start.', [...answers]),
      metric('pii_gate_configuration_current', 'gauge', '1 while the files on disk are in use, 0 while an older version is.', [['', files.every((file) => file.problems().length === 0) ? 1 : 0]]),
      metric('process_cpu_seconds_total', 'counter', 'Processor time of this process.', [['', (process.cpuUsage().user + process.cpuUsage().system) / 1e6]]),
      metric('process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', process.memoryUsage.rss()]]),
      '# HELP pii_gate_http_duration_seconds Time to answer.', '# TYPE pii_gate_http_duration_seconds histogram',
      ...bounds.map((bound, index) => `pii_gate_http_duration_seconds_bucket{le="${bound}"} ${buckets[index] ?? 0}`),
      `pii_gate_http_duration_seconds_bucket{le="+Inf"} ${durations}`, `pii_gate_http_duration_seconds_sum ${duration}`, `pii_gate_http_duration_seconds_count ${durations}`,
    ];
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${lines.join('\n')}\n`);
  });
}

function metric(name: string, type: 'gauge' | 'counter', help: string, values: readonly (readonly [labels: string, value: number])[]): string {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values.map(([labels, value]) => `${name}${labels === '' ? '' : `{${labels}}`} ${value}`)].join('\n');
}
