/** A new audit key, introduced in the trail by the old one. The service must not be running meanwhile. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { createAuditLog } from '../audit/log.ts';
import type { Store } from '../store/store.ts';
import { openKey } from './key-files.ts';

/** Returns the new key's id. The old key stays beside it under its id, for verification. */
export async function rotateAuditKey(keysDir: string, store: Store, now: () => number): Promise<string> {
  const path = join(keysDir, 'audit.jwk');
  const old = await openKey(path);
  const draft = join(keysDir, 'audit.next.jwk');
  const fresh = await openKey(draft);
  await store.write((transaction) =>
    createAuditLog(old, now).append(transaction, { type: 'key.rotated', actor: { id: 'system', kind: 'system' }, data: { kid: fresh.kid, x: String(fresh.publicJwk.x) } }),
  );
  renameSync(path, join(keysDir, `audit.${old.kid}.jwk`));
  renameSync(draft, path);
  return fresh.kid;
}
