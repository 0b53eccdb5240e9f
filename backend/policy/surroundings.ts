/** Everything the backend adds to what the editor sent: when, from where, on duty, and what the subject did today. */
import { selvesOf, type Subject } from '../identity/identity.ts';
import type { Reads } from '../store/store.ts';
import type { Surroundings } from './context.ts';
import type { Policy, Surveys } from './policy.ts';

/** @param address the peer's, or the client's as a configured proxy reports it */
export async function surroundingsOf(policy: Policy, subject: Subject, address: string, now: number, reads: Reads): Promise<Surroundings> {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address;
  return {
    now,
    address: plain,
    place: policy.surveys.place(plain),
    onCall: selvesOf(subject).some((id) => id !== subject.owner && policy.surveys.onCall(id, now)),
    calendar: policy.needsCalendar ? calendarAt(policy.surveys, now) : noCalendar,
    history: policy.needsHistory ? await historyOf(reads, subject, startOfDay(now, policy.surveys)) : { rowsToday: 0, revealsToday: 0, requestsToday: 0, denialsToday: 0 },
  };
}

/** Nobody looks at it. */
const noCalendar: Surroundings['calendar'] = { date: '', hour: 0, minute: 0, weekday: 0, holiday: false };

const weekdays: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

export function calendarAt(surveys: Surveys, now: number): Surroundings['calendar'] {
  const parts = Object.fromEntries(surveys.clock.formatToParts(now).map(({ type, value }) => [type, value]));
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  return { date, hour: Number(parts.hour), minute: Number(parts.minute), weekday: weekdays[parts.weekday ?? ''] ?? 0, holiday: surveys.holidays.has(date) };
}

/** When today began in the zone, ms: midnight, or the first moment after it where clocks skip it. Days have 23 to 25 hours. */
export function startOfDay(now: number, surveys: Surveys): number {
  const { date } = calendarAt(surveys, now);
  const asUtc = Date.parse(`${date}T00:00:00Z`);
  /** What the zone's clock is ahead of UTC at a moment, ms. */
  const ahead = (at: number): number => {
    const local = calendarAt(surveys, at);
    return Date.parse(`${local.date}T${String(local.hour).padStart(2, '0')}:${String(local.minute).padStart(2, '0')}:00Z`) - (at - (at % 60_000));
  };
  // The offset of midnight itself is what counts, and it is known only near it: twice is enough.
  let start = asUtc - ahead(asUtc);
  start = asUtc - ahead(start);
  return calendarAt(surveys, start).date === date ? start : start + 3_600_000;
}

/** Requests of a day that are looked at; somebody with more than this is counted as having at least so many. */
const historyLimit = 1_000;

/** `rowsToday`: rows that today's approvals to reveal or export allowed, by their caps or else the estimates. */
async function historyOf(reads: Reads, subject: Subject, since: number): Promise<Surroundings['history']> {
  const requests = await reads.requests({ requester: subject.id, since, limit: historyLimit });
  const used = requests.filter(({ state, binding }) => binding.capability !== 'run' && (state === 'approved' || state === 'consumed'));
  return {
    rowsToday: used.reduce((sum, { verdict, scope, facts }) => sum + Math.min(verdict.maxRows ?? Number.MAX_SAFE_INTEGER, scope.maxRows ?? Number.MAX_SAFE_INTEGER, facts.limit ?? Number.MAX_SAFE_INTEGER, Math.ceil(facts.estimatedRows ?? 0)), 0),
    revealsToday: used.length,
    requestsToday: requests.length,
    denialsToday: requests.filter(({ state }) => state === 'denied').length,
  };
}
