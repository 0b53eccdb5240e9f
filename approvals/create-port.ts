/** The port for the backend that the settings name. */
import type { BackendSettings } from '#core/wire/protocol.ts';
import { createBackendPort } from './backend-adapter.ts';
import { createGenericPort } from './generic-adapter.ts';
import { createHoopPort } from './hoop-adapter.ts';
import type { ApprovalPort } from './port.ts';

/**
 * Never throws: settings that lack something give a port that refuses everything and says what is missing.
 * @param onNewToken told when the backend rotated the token: keep it in place of the old one
 */
export function createPort(settings: BackendSettings, onNewToken?: (token: string) => void): ApprovalPort {
  const { url, token, kind = 'pii-gate', pinnedKey, hoop, service } = settings;
  if (kind === 'hoop') {
    const names = hoop?.connections ?? {};
    return createHoopPort({
      url, token, connectionName: (id) => (Object.hasOwn(names, id) ? names[id] : undefined) ?? id,
      ...(hoop?.metadata === undefined ? {} : { metadata: hoop.metadata }), ...(onNewToken === undefined ? {} : { onNewToken }),
    });
  }
  if (kind === 'service') {
    // Without a key nothing verifies, so nothing opens; the empty set says it more plainly than an exception.
    return createGenericPort({
      url, token, me: { id: service?.user.id ?? '', name: service?.user.name ?? '', roles: [] }, keys: { issuer: service?.issuer ?? '', keys: service?.keys ?? [] },
      ...(service?.reasonPrompt === undefined ? {} : { reasonPrompt: service.reasonPrompt }),
    });
  }
  return createBackendPort({ url, token, ...(pinnedKey === undefined ? {} : { pinnedKey }) });
}
