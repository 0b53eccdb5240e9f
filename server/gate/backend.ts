/** The line to the approval backend: one client, its status, and the events of its requests. */
import { type ApprovalClient, createApprovalClient } from '#approvals/ask.ts';
import { createPort } from '#approvals/create-port.ts';
import type { ApprovalPort, LinkStatus } from '#approvals/port.ts';
import type { ApprovalRequest, LiveEvent, Person } from '#core/wire/approval.ts';
import { type BackendSettings, type Blocked, type ConfigureGateParams, type GateStatus, method } from '#core/wire/protocol.ts';
import type { GateConnection } from './gate-deps.ts';

/** The newest token of a backend, and the one of the settings that it stands for. */
interface Rotated { readonly url: string; readonly given: string; readonly token: string }

export class Backend {
  readonly #connection: GateConnection;
  readonly #revoked = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #client: ApprovalClient | undefined;
  #fingerprint = '';
  #rotated: Rotated | undefined;
  #status: GateStatus = { backend: 'none' };
  #me: Person | undefined;

  constructor(connection: GateConnection) { this.#connection = connection; }

  get client(): ApprovalClient | undefined { return this.#client; }
  get me(): Person | undefined { return this.#me; }
  get status(): GateStatus { return this.#status; }

  /** Whether the backend has withdrawn a grant since it was given. */
  isRevoked(grantId: string): boolean { return this.#revoked.has(grantId); }

  /** Called when predictions may be others than before: another backend, another policy. */
  onPredictionsStale(listener: () => void): void { this.#listeners.add(listener); }

  /** Undefined: no backend. Resolves when it is known whether the backend answers. */
  async configure(settings: ConfigureGateParams['backend']): Promise<GateStatus> {
    const fingerprint = JSON.stringify(settings ?? null);
    if (fingerprint !== this.#fingerprint) {
      this.#fingerprint = fingerprint;
      this.#client?.dispose();
      this.#client = undefined;
      this.#me = undefined;
      this.#stale();
      if (settings) {
        const client = createApprovalClient(this.#portOf(settings));
        this.#client = client;
        client.onEvent((event) => this.#take(event));
        client.onLink((link) => { void this.#linked(client, link); });
      }
    }
    return this.check();
  }

  /** Asks the backend who we are. */
  async check(): Promise<GateStatus> {
    const client = this.#client;
    if (!client) return this.#tell({ backend: 'none' });
    const me = await client.port.me(AbortSignal.timeout(10_000));
    if (client !== this.#client) return this.#status;
    if (!me.ok) return this.#tell(statusOf(me.blocked));
    this.#me = me.value;
    return this.#tell({ backend: 'connected', user: me.value });
  }

  dispose(): void {
    this.#client?.dispose();
    this.#client = undefined;
  }

  /** A gateway may replace the token while it is used; the one in the settings is void then. Kept in memory only. */
  #portOf(settings: BackendSettings): ApprovalPort {
    const { url, token: given } = settings;
    const newer = this.#rotated?.url === url && this.#rotated.given === given ? this.#rotated.token : undefined;
    return createPort(newer === undefined ? settings : { ...settings, token: newer }, (token) => { this.#rotated = { url, given, token }; });
  }

  async #linked(client: ApprovalClient, link: LinkStatus): Promise<void> {
    if (client !== this.#client) return;
    if (link.link === 'down') { this.#tell(statusOf(link.blocked)); return; }
    if (this.#status.backend !== 'connected') {
      await this.check();
      this.#stale();
    }
  }

  #take(event: LiveEvent): void {
    if (event.type === 'grant-revoked') this.#revoked.add(event.grant);
    else if (event.type === 'policy') this.#stale();
    else void this.#connection.sendNotification(method.requestChanged, withoutGrant(event.request));
  }

  #stale(): void { for (const listener of this.#listeners) listener(); }

  #tell(status: GateStatus): GateStatus {
    const changed = JSON.stringify(status) !== JSON.stringify(this.#status);
    this.#status = status;
    if (changed) void this.#connection.sendNotification(method.gateStatus, status);
    return status;
  }
}

/** The grant stays in this process. */
export function withoutGrant({ grant: _, ...request }: ApprovalRequest): ApprovalRequest { return request; }

function statusOf({ code, message }: Blocked): GateStatus {
  const backend = code === 'unauthorized' || code === 'untrusted-key' ? code : 'unreachable';
  return { backend, detail: message };
}
