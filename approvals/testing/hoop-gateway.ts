/** A hoop gateway as its clients see it, with the quirks of the real one (see hoop-adapter.ts). */
import { randomUUID } from 'node:crypto';
import { type Call, type LocalServer, type Reply, serve } from './local-server.ts';

interface Review { status: string; reviewer?: { id: string; name: string }; reason: string; window?: object; type: 'onetime' }
interface Session { readonly id: string; readonly owner: string; readonly script: string; readonly connection: string; readonly metadata: unknown; status: 'open' | 'ready' | 'done'; review?: Review; polls: number; readonly startedAt: string }
export interface HoopConnectionSetup { readonly reviewers: readonly string[]; readonly exec?: 'enabled' | 'disabled'; readonly mandatory?: readonly string[]; readonly slow?: boolean }

export interface HoopGateway extends LocalServer {
  /** Scripts that really ran. */
  readonly executed: readonly string[];
  tokenOf(who: string): string;
  /** Changes a review as an administrator could. */
  setReview(session: string, change: Partial<Review>): void;
  /** From now on every answer carries a new token; once that is used, the one before stops working. */
  rotateTokens(): void;
}

const people: Readonly<Record<string, { readonly id: string; readonly name: string; readonly groups: readonly string[] }>> = {
  dana: { id: 'u-dana', name: 'Dana', groups: ['developer'] },
  sam: { id: 'u-sam', name: 'Sam', groups: ['data-steward'] },
};

export async function startHoop(connections: Readonly<Record<string, HoopConnectionSetup>>): Promise<HoopGateway> {
  const sessions = new Map<string, Session>();
  const executed: string[] = [];
  const tokens = new Map(Object.keys(people).map((who) => [`hpk_${who}`, who]));
  /** New token → the one it replaces, which holds until the new one is used: calls may be under way with it. */
  const replaces = new Map<string, string>();
  let rotating = false;

  const server = await serve((call) => {
    const token = /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
    const who = tokens.get(token);
    if (who === undefined || !call.path.startsWith('/api/')) return { status: 401, body: { message: 'unauthorized' } };
    const reply = answer(who, { ...call, path: call.path.slice(4) });
    if (!rotating) return reply;
    tokens.delete(replaces.get(token) ?? '');
    const next = `jwt-${randomUUID()}`;
    tokens.set(next, who);
    replaces.set(next, token);
    return { ...reply, headers: { 'x-new-access-token': next } };
  });

  function answer(who: string, { method, path, body, query }: Call): Reply {
    const person = people[who];
    if (person === undefined) return { status: 401 };
    if (path === '/userinfo') return { status: 200, body: { id: person.id, name: person.name, email: `${who}@example.com`, groups: person.groups, role: 'standard' } };
    const [, kind, id = '', action] = path.split('/');
    const fields: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
    if (kind === 'connections') {
      const setup = connections[id];
      if (setup === undefined) return { status: 404, body: { message: 'not found' } };
      return { status: 200, body: { id, name: id, type: 'database', reviewers: setup.reviewers, access_mode_exec: setup.exec ?? 'enabled', mandatory_metadata_fields: setup.mandatory ?? null, redact_enabled: true } };
    }
    if (kind === 'sessions' && method === 'POST' && id === '') return startSession(person, fields);
    if (kind === 'sessions' && method === 'POST' && action === 'exec') return execute(person, id);
    if (kind === 'sessions' && method === 'GET') {
      const session = sessions.get(id);
      if (session === undefined || session.owner !== who) return { status: 404, body: { message: 'not found' } };
      session.polls += 1;
      if (session.status === 'open' && session.polls > 2) session.status = 'done';
      return { status: 200, body: {
        id, connection: session.connection, metadata: session.metadata, status: session.status, start_date: session.startedAt, end_date: session.startedAt,
        metrics: { data_masking: { info_types: { US_SSN: 2 }, total_redact_count: 2 } },
        event_stream: query.get('expand') === 'event_stream' ? (query.get('event_stream') === 'utf8' ? [outputOf(session)] : [[0.2, 'o', Buffer.from(outputOf(session)).toString('base64')]]) : null,
      } };
    }
    if (kind === 'reviews' && method === 'GET' && id === '') return { status: 200, body: [...sessions.values()].filter((s) => s.review).map(reviewBody) };
    if (kind === 'reviews' && method === 'GET') {
      const session = sessions.get(id);
      return session?.review === undefined ? { status: 404, body: { message: 'review not found' } } : { status: 200, body: reviewBody(session) };
    }
    if (kind === 'reviews' && method === 'PUT') {
      const session = sessions.get(id);
      if (session?.review === undefined) return { status: 404, body: { message: 'review not found' } };
      const { reviewers } = connections[session.connection] ?? { reviewers: [] };
      if (!person.groups.some((g) => reviewers.includes(g))) return { status: 403, body: { message: 'not a reviewer' } };
      if (session.review.status !== 'PENDING') return { status: 400, body: { message: 'it was already reviewed' } };
      session.review.status = String(fields.status);
      session.review.reason = String(fields.rejection_reason ?? '');
      session.review.reviewer = { id: person.id, name: person.name };
      if (fields.status === 'APPROVED') session.status = 'ready';
      return { status: 200, body: reviewBody(session) };
    }
    return { status: 404, body: { message: 'not found' } };
  }

  function startSession(person: { id: string; name: string }, fields: Readonly<Record<string, unknown>>): Reply {
    const name = String(fields.connection);
    const setup = connections[name];
    if (setup === undefined) return { status: 404, body: { message: 'connection not found' } };
    const metadata = typeof fields.metadata === 'object' && fields.metadata !== null ? fields.metadata : {};
    const missing = (setup.mandatory ?? []).filter((field) => !(field in metadata));
    if (missing.length > 0) return { status: 422, body: { message: `missing metadata: ${missing.join(', ')}` } };
    const session: Session = { id: randomUUID(), owner: person.name.toLowerCase(), script: String(fields.script), connection: name, metadata, status: 'open', polls: 0, startedAt: new Date().toISOString() };
    sessions.set(session.id, session);
    if (setup.reviewers.length > 0) {
      session.review = { status: 'PENDING', reason: '', type: 'onetime' };
      // As the real one: this reads like a success.
      return { status: 200, body: { has_review: true, session_id: session.id, output: `https://hoop.example.com/reviews/${session.id}`, output_status: 'success', truncated: false, execution_time: 0, exit_code: 0 } };
    }
    return run(session);
  }
  function execute(person: { name: string }, id: string): Reply {
    const session = sessions.get(id);
    if (session?.review === undefined || session.owner !== person.name.toLowerCase()) return { status: 404, body: { message: 'not found' } };
    const { status } = session.review;
    if (status === 'EXECUTED' || status === 'PROCESSING') return { status: 409, body: { message: 'the session is locked' } };
    // A review that is executed while it waits is burnt.
    session.review.status = 'EXECUTED';
    return status === 'APPROVED' ? run(session) : { status: 400, body: { message: 'the review is not approved' } };
  }
  function run(session: Session): Reply {
    executed.push(session.script);
    if (connections[session.connection]?.slow === true) return { status: 202, body: { has_review: false, session_id: session.id, output: '', output_status: 'running', truncated: false, execution_time: 50_000, exit_code: -2 } };
    session.status = 'done';
    return { status: 200, body: { has_review: false, session_id: session.id, output: outputOf(session), output_status: 'success', truncated: false, execution_time: 12, exit_code: 0 } };
  }
  const outputOf = (session: Session): string => `id\tssn\n1\t*****\n(${session.script.length} characters ran)\n`;
  const reviewBody = (session: Session): object => {
    const { review } = session;
    const groups = connections[session.connection]?.reviewers ?? [];
    return {
      id: `r-${session.id}`, session: session.id, type: review?.type, status: review?.status, created_at: session.startedAt, access_duration: 0,
      review_owner: { id: people[session.owner]?.id, name: people[session.owner]?.name, email: `${session.owner}@example.com` }, review_connection: { id: session.connection, name: session.connection },
      review_groups_data: groups.map((group) => ({ id: group, group, status: review?.status, reviewed_by: review?.reviewer ?? null, review_date: review?.reviewer ? new Date().toISOString() : null })),
      rejection_reason: review?.reason === '' ? null : review?.reason, time_window: review?.window ?? null, min_approvals: 1,
    };
  };
  return {
    ...server, executed,
    tokenOf: (who) => `hpk_${who}`,
    setReview: (id, change) => { Object.assign(sessions.get(id)?.review ?? {}, change); },
    rotateTokens: () => { rotating = true; },
  };
}
