/** Figures for those who answer for the gate: what waits how long, what was decided, what is asked for most. Pure. */
import type { StoredRequest } from '../store/store.ts';

export interface Overview {
  /** Milliseconds since the epoch: what is older is not counted. */
  readonly since: number;
  readonly pending: { readonly count: number; /** Milliseconds. */ readonly oldestAge: number; readonly ages: readonly { readonly upTo: string; readonly count: number }[] };
  /** One a day (UTC), oldest first. */
  readonly days: readonly { readonly day: string; readonly approved: number; readonly denied: number; readonly other: number }[];
  /** Milliseconds from asking to the deciding decision of a person; `undefined` when nobody decided. */
  readonly medianToDecision?: number;
  readonly byPolicy: number;
  readonly tables: readonly { readonly name: string; readonly requests: number; readonly denied: number }[];
  readonly requesters: readonly { readonly name: string; readonly requests: number; readonly denied: number }[];
  /** Results that held personal data which their requests had not declared: how many requests, and where most often. */
  readonly drift: { readonly requests: number; readonly columns: readonly { readonly name: string; readonly entity: string; readonly requests: number }[] };
  readonly denials: readonly { readonly id: string; readonly requester: string; readonly by: string; readonly comment: string; readonly at: number }[];
}

const DAY_MS = 86_400_000;
export const OVERVIEW_DAYS = 14;
const TOP = 8;
const buckets = [['10 min', 600_000], ['1 h', 3_600_000], ['4 h', 14_400_000], ['1 day', DAY_MS], ['longer', Number.POSITIVE_INFINITY]] as const;

export function overviewOf(requests: readonly StoredRequest[], now: number): Overview {
  const first = startOfDay(now) - (OVERVIEW_DAYS - 1) * DAY_MS;
  const recent = requests.filter((r) => r.createdAt >= first);
  const pending = requests.filter((r) => r.state === 'pending');
  const ages = pending.map((r) => Math.max(0, now - r.createdAt));
  const byPeople = recent.filter((r) => personsDecision(r) !== undefined);
  const median = middle(byPeople.map((r) => (personsDecision(r)?.at ?? 0) - r.createdAt));
  return {
    since: first,
    pending: {
      count: pending.length, oldestAge: Math.max(0, ...ages),
      ages: buckets.map(([upTo, most], i) => ({ upTo, count: ages.filter((a) => a < most && a >= (buckets[i - 1]?.[1] ?? 0)).length })),
    },
    days: Array.from({ length: OVERVIEW_DAYS }, (_, i) => {
      const from = first + i * DAY_MS;
      const settled = requests.filter((r) => r.state !== 'pending' && settledAt(r) >= from && settledAt(r) < from + DAY_MS);
      const approved = settled.filter(isApproved).length;
      const denied = settled.filter((r) => r.state === 'denied').length;
      return { day: new Date(from).toISOString().slice(0, 10), approved, denied, other: settled.length - approved - denied };
    }),
    ...(median === undefined ? {} : { medianToDecision: median }),
    byPolicy: recent.filter((r) => r.decisions.length === 1 && r.decisions[0]?.by.id === 'policy').length,
    tables: top(recent, (r) => [...new Set(r.facts.tables.map((t) => (t.schema === undefined ? t.name : `${t.schema}.${t.name}`)))]),
    requesters: top(recent, (r) => [r.requester.name]),
    drift: driftOf(recent),
    denials: recent.filter((r) => r.state === 'denied').sort((a, b) => b.updatedAt - a.updatedAt).slice(0, TOP).map((r) => {
      const last = r.decisions.at(-1);
      return { id: r.id, requester: r.requester.name, by: last?.by.name ?? '', comment: last?.comment ?? '', at: r.updatedAt };
    }),
  };
}

function isApproved({ state }: StoredRequest): boolean {
  return state === 'approved' || state === 'consumed';
}
/** A comment or undeclared data that comes later does not move a decision to another day. */
function settledAt({ state, decisions, updatedAt }: StoredRequest): number {
  return state === 'approved' || state === 'consumed' || state === 'denied' ? (decisions.at(-1)?.at ?? updatedAt) : updatedAt;
}
function personsDecision({ decisions }: StoredRequest): StoredRequest['decisions'][number] | undefined {
  const last = decisions.at(-1);
  return last === undefined || last.by.id === 'policy' ? undefined : last;
}
function top(requests: readonly StoredRequest[], namesOf: (request: StoredRequest) => readonly string[]): { name: string; requests: number; denied: number }[] {
  const counts = new Map<string, { name: string; requests: number; denied: number }>();
  for (const request of requests) {
    for (const name of namesOf(request)) {
      const count = counts.get(name) ?? { name, requests: 0, denied: 0 };
      count.requests += 1;
      if (request.state === 'denied') count.denied += 1;
      counts.set(name, count);
    }
  }
  return [...counts.values()].sort((a, b) => b.requests - a.requests || a.name.localeCompare(b.name)).slice(0, TOP);
}
function driftOf(requests: readonly StoredRequest[]): Overview['drift'] {
  const drifted = requests.filter(({ drift }) => drift !== undefined && drift.length > 0);
  const columns = new Map<string, { name: string; entity: string; requests: number }>();
  for (const { drift } of drifted) {
    for (const { column, entity, origin } of drift ?? []) {
      const name = origin ? [origin.schema, origin.table, origin.column].filter((part) => part !== undefined && part !== '').join('.') : column;
      const known = columns.get(`${name}\n${entity}`) ?? { name, entity, requests: 0 };
      known.requests += 1;
      columns.set(`${name}\n${entity}`, known);
    }
  }
  return { requests: drifted.length, columns: [...columns.values()].sort((a, b) => b.requests - a.requests || a.name.localeCompare(b.name)).slice(0, TOP) };
}
function middle(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
function startOfDay(ms: number): number {
  return ms - (ms % DAY_MS);
}
