/** The sample's two connections: the same file once as staging, once as production, so that the difference shows. */
import { join } from 'node:path';
import type { ConnectionSettings } from '#core/wire/protocol.ts';

export function sampleConnections(workspace: string): readonly ConnectionSettings[] {
  const file = join(workspace, 'shop.db');
  return [
    { id: 'shop-staging', name: 'Shop (staging)', dialect: 'sqlite', environment: 'staging', file },
    { id: 'shop-production', name: 'Shop (production)', dialect: 'sqlite', environment: 'production', file },
  ];
}
