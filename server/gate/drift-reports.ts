/**
 * Tells of drift: personal data in a result that its request had not declared. It is masked whatever happens here; this
 * makes sure that the requester sees it and that the backend has it on record. No value leaves.
 */
import type { ApprovalPort } from '#approvals/port.ts';
import type { Detector } from '#core/engine/detector.ts';
import type { UnaskedDriftReport } from '#core/wire/approval.ts';
import { method, type ResultDrift } from '#core/wire/protocol.ts';
import type { DriftNotes } from '#query/results/drift.ts';
import type { ResultSet } from '#query/results/result-set.ts';
import { redactText } from '#query/results/redact-message.ts';
import type { GateConnection } from './gate-deps.ts';

/** What a result is the answer to: a request that people decided on, or a statement that ran without one. */
export type DriftSubject = { readonly request: string } | { readonly unasked: Omit<UnaskedDriftReport, 'found'> };

/** Follows one result. */
export interface DriftWatch {
  /** Something was found that was not known before. */
  readonly changed: () => void;
  /** The last row is there: from now on it is told. */
  finished(result: ResultSet): void;
}

/** Values are looked at page by page, so what one page turns up goes out together. Milliseconds. */
const GATHER_MS = 300;
/** An unreachable backend is tried again after these, milliseconds; then at the next finding. */
const RETRY_MS = [2_000, 15_000, 60_000] as const;
const CALL_MS = 10_000;

export class DriftReports {
  readonly #connection: GateConnection;
  readonly #port: () => ApprovalPort | undefined;
  readonly #detector: () => Promise<Detector>;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(connection: GateConnection, port: () => ApprovalPort | undefined, detector: () => Promise<Detector>) {
    this.#connection = connection;
    this.#port = port;
    this.#detector = detector;
  }

  watch(subject: DriftSubject): DriftWatch {
    let result: ResultSet | undefined;
    let waiting = false;
    let sent = '';
    const tell = async (attempt: number): Promise<void> => {
      waiting = false;
      if (!result) return;
      const detector = await this.#detector();
      const found = result.drift((name) => redactText(name, '', detector, name.length));
      const now = JSON.stringify(found);
      if (found.length === 0 || now === sent) return;
      if (attempt === 0) void this.#connection.sendNotification(method.resultDrift, { resultId: result.identity.resultId, drift: result.summary().drift } satisfies ResultDrift);
      const reached = await this.#report(subject, found);
      if (reached) { sent = now; return; }
      const wait = RETRY_MS[attempt];
      if (wait !== undefined) this.#later(wait, () => { void tell(attempt + 1); });
    };
    const changed = (): void => {
      if (waiting || !result) return;
      waiting = true;
      this.#later(GATHER_MS, () => { void tell(0); });
    };
    return {
      changed,
      finished(complete) { result = complete; changed(); },
    };
  }

  /** Of an export that streamed past every result. */
  async report(subject: DriftSubject, notes: DriftNotes): Promise<void> {
    const detector = await this.#detector();
    const found = notes.findings((name) => redactText(name, '', detector, name.length));
    if (found.length > 0) await this.#report(subject, found);
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** False when it is worth trying again. */
  async #report(subject: DriftSubject, found: UnaskedDriftReport['found']): Promise<boolean> {
    const port = this.#port();
    const signal = AbortSignal.timeout(CALL_MS);
    const answer = 'request' in subject
      ? await port?.reportDrift?.(subject.request, { found }, signal)
      : await port?.reportUnaskedDrift?.({ ...subject.unasked, found }, signal);
    return answer === undefined || answer.ok || answer.blocked.code !== 'backend-unreachable';
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => { this.#timers.delete(timer); work(); }, ms);
    timer.unref();
    this.#timers.add(timer);
  }
}
