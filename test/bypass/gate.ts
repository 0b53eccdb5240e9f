/** Runs a statement as the product does: understand, ask (here everything is approved), execute, mask. */
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { createMasker } from '#core/masking/create.ts';
import { createAnalyser } from '#core/statement/create.ts';
import { createInventory, type InventoryEntry } from '#core/statement/inventory.ts';
import { loadCatalogue } from '#query/catalogue/load.ts';
import type { Session } from '#query/drivers/driver.ts';
import { createExecutor } from '#query/executor/execute.ts';
import { bindingDigest } from '#query/grant/binding.ts';
import { type Grant, verifyGrant } from '#query/grant/grant.ts';
import { loadParsers } from '#query/parsers/create.ts';
import { maskPages } from '#query/results/mask-pages.ts';
import { failureMessage } from '#query/results/redact-message.ts';
import { understand, withPlan } from '#query/understanding/understand.ts';
import { builtinPacks } from '#rules';

const key = new Uint8Array(32).fill(7);
const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
const { kty, crv, x } = await exportJWK(publicKey);
const detector = createDetector(builtinPacks(), createRe2());
const masker = createMasker(key, detector);
const analyser = createAnalyser({ parsers: await loadParsers() });

export interface Shown {
  /** True when the statement asked for approval (which it then got). */
  readonly asked: boolean;
  readonly why: readonly string[];
  /** Cells as shown; `masked` tells which of them were masked. */
  readonly rows: readonly (readonly { readonly text: string | null; readonly masked: boolean }[])[];
  readonly columns: readonly string[];
  /** The error's text as shown, if it failed. */
  readonly error: string | undefined;
}

/** What a person sees who runs `sql`, with every approval to run (and none to reveal) given. */
export async function runThroughGate(sql: string, session: Session, entries: readonly InventoryEntry[]): Promise<Shown> {
  const catalogue = await loadCatalogue(session);
  const inventory = createInventory({
    classifyName: (name, path) => detector.classifyName(name, path), entries,
    table: (name) => catalogue.resolve(name.schema, name.name, { schema: true, table: true }),
  });
  const description = await session.describe?.(sql).catch(() => undefined);
  const understood = await withPlan(understand(sql, { analyser, detector, catalogue, inventory, dialect: session.dialect, ...(description && { description }) }), session);
  const { assessment } = understood;
  const connection = { id: 'bypass', environment: 'production', databaseUser: session.databaseUser } as const;
  const executor = createExecutor({ installationKey: () => key, now: () => Date.now() });
  const outcome = executor.execute({
    session, statement: sql, parameters: [], connection, permission: assessment.sensitive ? await approve(sql, session) : assessment.harmless,
    limits: { maxRows: 1_000, pageSize: 100, timeoutMs: 10_000 },
  });
  const shown = { asked: assessment.sensitive, why: assessment.sensitive ? assessment.why : [] };
  if (outcome.kind === 'blocked') return { ...shown, rows: [], columns: [], error: outcome.blocked.message };
  const rows: (readonly { text: string | null; masked: boolean }[])[] = [];
  let columns: readonly string[] = [];
  try {
    for await (const page of maskPages(outcome.pages, { detector, masker, replacementFor: () => ({ kind: 'mask' }), understood })) {
      columns = page.verdicts.map((v) => `${v.name} ${v.reasons.join('; ')}`);
      for (const row of page.rows) rows.push(row.map((cell, index) => ({ text: cell.v, masked: cell.m === 1 || page.verdicts[index]?.masked === true })));
    }
  } catch (error) {
    return { ...shown, rows, columns, error: failureMessage(error, sql, detector) };
  }
  return { ...shown, rows, columns, error: undefined };
}

async function approve(statement: string, session: Session): Promise<Grant> {
  const now = Math.floor(Date.now() / 1000);
  const connection = { id: 'bypass', environment: 'production', databaseUser: session.databaseUser } as const;
  const digest = bindingDigest(key, { statement, parameters: [], connection: connection.id, databaseUser: session.databaseUser });
  const binding = { digest, connection, capability: 'run' } as const;
  const scope = { columns: [], destination: { kind: 'grid' }, use: 'once', durationMs: 60_000 } as const;
  const sign = (payload: object, typ: string): Promise<string> => new CompactSign(new TextEncoder().encode(JSON.stringify(payload))).setProtectedHeader({ alg: 'EdDSA', typ, kid: 'k' }).sign(privateKey);
  const verdict = await verifyGrant({
    grantJws: await sign({ iss: 'b', aud: 'pii-gate-editor', sub: 'dana', jti: 'g', iat: now, nbf: now, exp: now + 60, req: 'r', binding, scope, constraints: {}, policyVersion: '1' }, 'pii-gate-grant+jwt'),
    receiptJws: await sign({ iss: 'b', jti: 'c', grant: 'g', req: 'r', nonce: 'n', digest, capability: 'run', use: 1, iat: now, audit: { seq: 1, hash: 'h' } }, 'pii-gate-receipt+jwt'),
    nonce: 'n', keys: [{ kty: kty ?? '', crv: crv ?? '', x: x ?? '', kid: 'k' }],
    expected: { issuer: 'b', subject: 'dana', binding, scope, now: Date.now() },
  });
  if (!verdict.ok) throw new Error(verdict.message);
  return verdict.grant;
}
