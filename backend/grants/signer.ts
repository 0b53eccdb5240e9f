/** Signs grants and receipts: compact JWS, alg EdDSA (RFC 8037). Ed25519 is deterministic, so a grant signed again is the same. */
import { SignJWT } from 'jose';
import type { ConsumptionReceipt, GrantClaims } from '#core/wire/approval.ts';
import type { SigningKey } from '../keys/key-files.ts';

export interface GrantSigner {
  grant(claims: GrantClaims): Promise<string>;
  receipt(claims: ConsumptionReceipt): Promise<string>;
}

export function createGrantSigner(key: SigningKey): GrantSigner {
  const sign = (typ: string, claims: object): Promise<string> =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA', typ, kid: key.kid }).sign(key.privateKey);
  return {
    grant: (claims) => sign('pii-gate-grant+jwt', claims),
    receipt: (claims) => sign('pii-gate-receipt+jwt', claims),
  };
}
