/** Signature check of a compact JWS: EdDSA over Ed25519, one exact `typ`, one key named by `kid`. */
import { compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';

/** A public key of the backend, as its JWK set gives it. */
export interface VerificationKey {
  readonly kty: string;
  readonly kid?: string;
  readonly crv?: string;
  readonly x?: string;
}

export type SignedPayload =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly why: string };

/** Larger tokens are refused unread. A grant over 200 columns has about 20 kB. */
const MAX_LENGTH = 256 * 1024;

/**
 * Never throws. The algorithm and the type are compared before any cryptography, and the key is taken from `keys` alone:
 * `jwk`, `jku` and `x5c` in the header are never used (RFC 8725, sections 3.1, 3.10 and 3.11).
 */
export async function verifyCompact(jws: string, typ: string, keys: readonly VerificationKey[]): Promise<SignedPayload> {
  if (jws.length > MAX_LENGTH) return { ok: false, why: 'it is too large' };
  try {
    const header = decodeProtectedHeader(jws);
    if (header.alg !== 'EdDSA') return { ok: false, why: 'it uses another signature algorithm' };
    if (header.typ !== typ) return { ok: false, why: 'it is another kind of token' };
    const named = keys.filter((key) => key.kid !== undefined && key.kid === header.kid);
    const [key] = named;
    if (key === undefined || named.length > 1) return { ok: false, why: 'its key is not one of the backend\'s' };
    if (key.kty !== 'OKP' || key.crv !== 'Ed25519' || key.x === undefined) return { ok: false, why: 'its key is of another kind' };
    const jwk: JWK = { kty: 'OKP', crv: 'Ed25519', x: key.x };
    const { payload } = await compactVerify(jws, await importJWK(jwk, 'EdDSA'), { algorithms: ['EdDSA'] });
    return { ok: true, payload: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)) };
  } catch {
    return { ok: false, why: 'the signature does not match' };
  }
}
