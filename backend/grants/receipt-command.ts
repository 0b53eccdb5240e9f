/** `pii-gate receipt verify FILE --keys JWKS`: checks a kept receipt (or grant) without asking anybody. */
import { readFileSync } from 'node:fs';
import { compactVerify } from 'jose';
import type { ConsumptionReceipt, GrantClaims } from '#core/wire/approval.ts';
import { trailOfFile } from '../audit/read-trail.ts';
import { publicKeyOf } from '../audit/verify.ts';
import type { Io } from '../policy/commands.ts';

export interface ReceiptVerifyOptions {
  /** File that holds the compact JWS. */
  readonly file: string;
  /** JWKS as `/v1/keys` gave it, kept from when the receipt was made. */
  readonly keys: string;
  /** Exported trail (JSON lines) that must hold the use which the receipt speaks of. */
  readonly trail?: string;
}

const kinds: Readonly<Record<string, 'receipt' | 'grant'>> = { 'pii-gate-receipt+jwt': 'receipt', 'pii-gate-grant+jwt': 'grant' };

/** Exit codes: 0 holds, 1 does not, 2 could not be read. */
export async function receiptVerify(options: ReceiptVerifyOptions, io: Io): Promise<number> {
  let jws: string;
  let jwks: { issuer?: string; keys?: { kid?: string }[] };
  try {
    jws = readFileSync(options.file, 'utf8').trim();
    jwks = JSON.parse(readFileSync(options.keys, 'utf8')) as typeof jwks;
  } catch {
    io.err(`${options.file} or ${options.keys}: can't be read`);
    return 2;
  }
  try {
    const { payload, protectedHeader } = await compactVerify(jws, async (header) => {
      const jwk = jwks.keys?.find((each) => each.kid === header.kid);
      const key = jwk && (await publicKeyOf(jwk));
      if (!key) throw new Error(`The key ${header.kid ?? '(none)'} is not in ${options.keys}`);
      return key;
    }, { algorithms: ['EdDSA'] });
    const kind = kinds[protectedHeader.typ ?? ''];
    if (!kind) throw new Error(`This is neither a receipt nor a grant (typ ${protectedHeader.typ ?? 'none'})`);
    const claims = JSON.parse(new TextDecoder().decode(payload)) as ConsumptionReceipt & GrantClaims;
    if (jwks.issuer !== undefined && claims.iss !== jwks.issuer) throw new Error(`It is of ${claims.iss}, the keys are of ${jwks.issuer}`);
    io.out(`${kind} holds: request ${claims.req}, ${kind === 'receipt' ? `use ${claims.use} of grant ${claims.grant} to ${claims.capability}` : `for ${claims.sub} to ${claims.binding.capability}`}, ${new Date(claims.iat * 1000).toISOString()}, by ${claims.iss}`);
    if (kind === 'receipt' && options.trail !== undefined) await mustHold(claims, options.trail, io);
    return 0;
  } catch (error) {
    io.err(`Does NOT hold: ${error instanceof Error ? error.message : 'the signature'}`);
    return 1;
  }
}

/** A trail that was rewritten no longer holds the record whose hash the receipt carries. */
async function mustHold(receipt: ConsumptionReceipt, trail: string, io: Io): Promise<void> {
  for await (const record of trailOfFile(trail)) {
    if (record.seq !== receipt.audit.seq) continue;
    if (record.hash !== receipt.audit.hash) throw new Error(`record ${record.seq} of ${trail} is not the one that the receipt names: the trail was rewritten`);
    io.out(`the trail holds the use as record ${record.seq}`);
    return;
  }
  throw new Error(`${trail} has no record ${receipt.audit.seq}: the trail is not whole`);
}
