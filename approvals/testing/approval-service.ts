/** A small approval service of the kind that the generic adapter talks to: it signs what it approves and counts uses. */
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { ConsumeGrant, CreateRequest, GrantClaims } from '#core/wire/approval.ts';
import type { IssuerKeys } from '../port.ts';
import { type LocalServer, serve } from './local-server.ts';

interface Stored { readonly id: string; readonly request: CreateRequest; state: string; decidedBy?: string; comment?: string; grant?: string; updatedAt: number }

export interface ApprovalService extends LocalServer {
  readonly keys: IssuerKeys;
  readonly token: string;
  /** Ids of the requests that wait. */
  pending(): readonly string[];
  decide(id: string, state: string, decidedBy: string, comment: string): Promise<void>;
}

export async function startApprovalService(): Promise<ApprovalService> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const issuer = 'https://approvals.example.com';
  const stored = new Map<string, Stored>();
  const uses = new Map<string, { count: number; claims: GrantClaims }>();
  const token = randomUUID();
  const sign = (typ: string, claims: object): Promise<string> => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA', typ, kid: 'k1' }).sign(pair.privateKey);
  const shown = ({ id, state, decidedBy, comment, grant, updatedAt }: Stored): object => ({ id, state, decidedBy, comment, updatedAt, ...(state === 'approved' ? { grant } : {}) });

  const server = await serve(async ({ method, path, headers, body }) => {
    if (headers.authorization !== `Bearer ${token}`) return { status: 401, body: { detail: 'Who are you?' } };
    const [, kind, id = '', action] = path.split('/');
    if (kind === 'requests' && method === 'POST' && id === '') {
      const request = body as CreateRequest;
      const before = [...stored.values()].find((s) => s.request.idempotencyKey === request.idempotencyKey);
      const made: Stored = before ?? { id: randomUUID(), request, state: 'pending', updatedAt: Date.now() };
      stored.set(made.id, made);
      return { status: before === undefined ? 201 : 200, body: shown(made) };
    }
    const found = stored.get(id);
    if (kind === 'requests' && found !== undefined) {
      if (action === 'cancel') Object.assign(found, { state: 'cancelled', updatedAt: Date.now() });
      return { status: 200, body: shown(found) };
    }
    const grant = uses.get(id);
    if (kind === 'grants' && action === 'consume' && grant !== undefined) {
      const use = body as ConsumeGrant;
      if (use.digest !== grant.claims.binding.digest || use.capability !== grant.claims.binding.capability) return { status: 409, body: { code: 'statement-changed', detail: 'Another statement.' } };
      if (grant.count > 0 && grant.claims.scope.use === 'once') return { status: 409, body: { code: 'grant-used', detail: 'Used.' } };
      grant.count += 1;
      const asked = stored.get(grant.claims.req);
      if (asked !== undefined && grant.claims.scope.use === 'once') Object.assign(asked, { state: 'consumed', updatedAt: Date.now() });
      const receipt = await sign('pii-gate-receipt+jwt', { iss: issuer, jti: randomUUID(), grant: id, req: grant.claims.req, nonce: use.nonce, digest: use.digest, capability: use.capability, use: grant.count, iat: Math.floor(Date.now() / 1000), audit: { seq: 1, hash: 'none' } });
      return { status: 200, body: { receipt } };
    }
    return { status: 404, body: { detail: 'Unknown.' } };
  });
  return {
    ...server, token,
    keys: { issuer, keys: [{ kty: 'OKP', crv: 'Ed25519', x: jwk.x ?? '', kid: 'k1' }] },
    pending: () => [...stored.values()].filter((one) => one.state === 'pending').map(({ id }) => id),
    async decide(id, state, decidedBy, comment) {
      const found = stored.get(id);
      if (found === undefined) throw new Error(`no request ${id}`);
      const now = Math.floor(Date.now() / 1000);
      const { binding, scope } = found.request;
      const claims: GrantClaims = { iss: issuer, aud: 'pii-gate-editor', sub: 'dana', jti: randomUUID(), iat: now, nbf: now, exp: now + Math.floor(scope.durationMs / 1000), req: id, binding, scope, constraints: {}, policyVersion: '1' };
      // Signed first: nobody sees "approved" without the grant.
      const grant = state === 'approved' ? await sign('pii-gate-grant+jwt', claims) : undefined;
      uses.set(claims.jti, { count: 0, claims });
      Object.assign(found, { state, decidedBy, comment, updatedAt: Date.now(), ...(grant === undefined ? {} : { grant }) });
    },
  };
}
