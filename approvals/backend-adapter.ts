/** The `ApprovalPort` over our own backend's `/v1` API. */
import { createHash } from 'node:crypto';
import type { ApprovalRequest, Resubmission } from '#core/wire/approval.ts';
import { readContext, readCredential, readKeys, readPerson, readReceiptAnswer, readRequest, readRequests, readVerdict } from './answers.ts';
import { addressProblem, blocked, callJson, type HttpSettings, type JsonCall } from './http.ts';
import { defaultPace, type Pace, watchBackend } from './live-feed.ts';
import type { ApprovalPort, IssuerKeys, Outcome } from './port.ts';

export interface BackendPortSettings {
  /** For example `https://pii-gate.example.com` or `http://127.0.0.1:7431`. */
  readonly url: string;
  readonly token: string | (() => Promise<string>);
  /** RFC 7638 SHA-256 thumbprint (base64url) of the only signing key to trust, where the user pinned one. */
  readonly pinnedKey?: string;
  /** Milliseconds for one call. Default 10,000. */
  readonly timeoutMs?: number;
  readonly pace?: Pace;
}

/** Never throws: with an unusable address every call answers `no-backend` and says what to change. */
export function createBackendPort(settings: BackendPortSettings): ApprovalPort {
  const wrongAddress = addressProblem(settings.url);
  const base = settings.url.replace(/\/+$/, '');
  const { token } = settings;
  const http: HttpSettings = {
    base, name: `The approval backend at ${base}`, timeoutMs: settings.timeoutMs ?? 10_000,
    token: typeof token === 'string' ? () => token : token,
  };

  async function call<T>(request: JsonCall, read: (body: unknown) => T | undefined): Promise<Outcome<T>> {
    if (wrongAddress !== undefined) return blocked('no-backend', wrongAddress);
    const answer = await callJson(http, request);
    if (!answer.ok) return answer;
    const value = read(answer.value.body);
    if (value === undefined) return blocked('backend-unreachable', `${http.name} gave an answer that this version does not understand. Is it a PII Gate backend of the same version?`);
    return { ok: true, value };
  }
  const requestPath = (id: string): string => `/v1/requests/${encodeURIComponent(id)}`;
  const grantPath = (id: string): string => `/v1/grants/${encodeURIComponent(id)}`;

  const port: ApprovalPort = {
    name: http.name,
    runs: 'editor',
    me: (signal) => call({ method: 'GET', path: '/v1/me', signal }, readPerson),
    async keys(signal) {
      const answer = await call({ method: 'GET', path: '/v1/keys', signal }, readKeys);
      return answer.ok ? pinned(answer.value, settings.pinnedKey, http.name) : answer;
    },
    evaluate: (input, signal) => call({ method: 'POST', path: '/v1/evaluate', body: input, signal }, readVerdict),
    // The raw statement stays here: people decide on the masked preview, the grant is bound by the digest.
    create: ({ request }, signal) => call({ method: 'POST', path: '/v1/requests', body: request, signal }, readRequest),
    get: (id, signal) => call({ method: 'GET', path: requestPath(id), signal }, readRequest),
    list({ state, mine }, signal) {
      const query = new URLSearchParams();
      if (state !== undefined) query.set('state', state);
      if (mine !== undefined) query.set('mine', String(mine));
      const text = query.toString();
      return call({ method: 'GET', path: `/v1/requests${text === '' ? '' : `?${text}`}`, signal }, readRequests);
    },
    decide: ({ requestId, decision, comment, constraints, lines }, signal) => call({
      method: 'POST', path: `${requestPath(requestId)}/decisions`, signal,
      body: { decision, comment, ...(constraints === undefined ? {} : { constraints }), ...(lines === undefined || lines.length === 0 ? {} : { lines }) },
    }, readRequest),
    resubmit: (id, { request: { reason, ticket, binding, scope, facts, preview, redactions, plan } }, signal) => call({
      method: 'POST', path: `${requestPath(id)}/resubmit`, signal,
      body: { reason, ...(ticket === undefined ? {} : { ticket }), revision: { binding, scope, facts, preview, redactions, ...(plan === undefined ? {} : { plan }) } } satisfies Resubmission,
    }, readRequest),
    comment: (id, comment, signal) => call({ method: 'POST', path: `${requestPath(id)}/comments`, body: comment, signal }, readRequest),
    context: (id, signal) => call({ method: 'GET', path: `${requestPath(id)}/context`, signal }, readContext),
    afterReview: ({ requestId, justified, comment }, signal) => call({ method: 'POST', path: `${requestPath(requestId)}/after-review`, body: { justified, comment }, signal }, readRequest),
    revokeRequest: ({ requestId, comment }, signal) => call({ method: 'POST', path: `${requestPath(requestId)}/revoke`, body: { comment }, signal }, readRequest),
    cancel: (id, signal) => call({ method: 'POST', path: `${requestPath(id)}/cancel`, body: {}, signal }, readRequest),
    consume: (id, use, signal) => call({ method: 'POST', path: `${grantPath(id)}/consume`, body: use, signal }, readReceiptAnswer),
    credential: (id, receipt, signal) => call({ method: 'POST', path: `${grantPath(id)}/credential`, body: { receipt }, signal }, readCredential),
    async releaseCredential(id, receipt, signal) {
      const answer = await call({ method: 'POST', path: `${grantPath(id)}/credential/release`, body: { receipt }, signal }, () => true);
      return answer.ok ? { ok: true, value: undefined } : answer;
    },
    async revoke(id, signal) {
      const answer = await call({ method: 'POST', path: `${grantPath(id)}/revoke`, body: {}, signal }, () => true);
      return answer.ok ? { ok: true, value: undefined } : answer;
    },
    async reportDrift(id, report, signal) {
      const answer = await call({ method: 'POST', path: `${requestPath(id)}/drift`, body: report, signal }, () => true);
      return answer.ok ? { ok: true, value: undefined } : answer;
    },
    async reportUnaskedDrift(report, signal) {
      const answer = await call({ method: 'POST', path: '/v1/drift', body: report, signal }, () => true);
      return answer.ok ? { ok: true, value: undefined } : answer;
    },
    async watch(signal, onEvent, onLink) {
      if (wrongAddress !== undefined) {
        onLink?.({ link: 'down', blocked: { code: 'no-backend', message: wrongAddress } });
        return;
      }
      await watchBackend({
        http, pace: settings.pace ?? defaultPace, signal, onEvent,
        onLink: onLink ?? (() => {}),
        list: (): Promise<Outcome<readonly ApprovalRequest[]>> => port.list({}, signal),
      });
    },
  };
  return port;
}

/** With a pinned key only that key is left; without it among the backend's keys nothing is trusted. */
function pinned(keys: IssuerKeys, thumbprint: string | undefined, name: string): Outcome<IssuerKeys> {
  if (thumbprint === undefined || thumbprint === '') return { ok: true, value: keys };
  const trusted = keys.keys.filter((key) => key.kty === 'OKP' && typeof key.crv === 'string' && typeof key.x === 'string'
    && keyThumbprint({ crv: key.crv, x: key.x }) === thumbprint);
  if (trusted.length > 0) return { ok: true, value: { issuer: keys.issuer, keys: trusted } };
  return blocked('untrusted-key', `${name} signs with a key that is not the one you pinned. Ask who runs it before you trust a new key; nothing is run until then.`);
}

/** RFC 7638 for an OKP key (RFC 8037, section 2): SHA-256 over the required members in lexical order, base64url. */
export function keyThumbprint({ crv, x }: { readonly crv: string; readonly x: string }): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty: 'OKP', x })).digest('base64url');
}
