/** Statements that an agent sends: the same gate as a person's, under the agent's name, shown in the same results. */
import { randomUUID } from 'node:crypto';
import { type CancellationToken, l10n } from 'vscode';
import type { ConnectionSettings, RunState } from '#core/wire/protocol.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { isOver, type Operation } from '../run/operation.ts';
import type { RunController } from '../run/run-controller.ts';
import { readConnections } from '../settings/settings.ts';
import { answerOf, type AgentAnswer } from '#core/wire/agent-answer.ts';

export interface AgentRuns {
  connections(): readonly ConnectionSettings[];
  /** Resolves when it is over, waits for a person, or `waitMs` have passed. */
  run(input: { readonly connection: string; readonly statement: string; readonly reason: string; readonly maxRows?: number }, token: CancellationToken): Promise<AgentAnswer>;
  wait(runId: string, token: CancellationToken): Promise<AgentAnswer>;
}

/** Clients of models drop calls that take longer than one or two minutes. */
const runWaitMs = 20_000;
const approvalWaitMs = 45_000;
const rowsUnlessTold = 50;
const rowsMost = 200;
/** How long an agent's approval is asked for: it uses it once. Milliseconds. */
const durationMs = 15 * 60_000;

export function createAgentRuns(gate: GateClient, runs: RunController, agentName: string): AgentRuns {
  /** Rows that the agent asked for, by run. Only what an agent started may be waited for by one. */
  const wanted = new Map<string, number>();
  const connections = (): readonly ConnectionSettings[] => readConnections().filter(({ agents }) => agents === true);

  const answer = async (runId: string, state: RunState): Promise<AgentAnswer> => {
    if (state.state !== 'done') return answerOf(runId, state, []);
    const count = Math.min(wanted.get(runId) ?? rowsUnlessTold, rowsMost, state.result.rows);
    const { rows } = count === 0 ? { rows: [] } : await gate.page({ resultId: state.result.resultId, offset: 0, count, masked: true });
    return answerOf(runId, state, rows);
  };
  const settle = (runId: string, waitMs: number, enough: (state: RunState) => boolean, token: CancellationToken): Promise<RunState> => new Promise((resolve) => {
    const present = (): RunState => runs.get(runId)?.state ?? { state: 'cancelled' };
    const finish = (state: RunState): void => { clearTimeout(timer); changed.dispose(); cancelled.dispose(); resolve(state); };
    const timer = setTimeout(() => finish(present()), waitMs);
    const changed = runs.onDidChange(({ operation, state }) => { if (operation.runId === runId && enough(state)) finish(state); });
    const cancelled = token.onCancellationRequested(() => finish(present()));
    if (enough(present())) finish(present());
  });

  return {
    connections,
    async run({ connection: id, statement, reason, maxRows }, token) {
      const connection = connections().find((one) => one.id === id);
      if (connection === undefined) {
        return { status: 'blocked', message: l10n.t('Agents may not use a connection "{0}". Ask the user to set "agents": true on it, or use one of: {1}', id, connections().map((one) => one.id).join(', ') || '-') };
      }
      const runId = randomUUID();
      wanted.set(runId, maxRows ?? rowsUnlessTold);
      const operation: Operation = {
        runId, capability: 'run', connection, title: l10n.t('{0} (agent)', statement.trim().split(/\s+/, 1)[0]?.toLowerCase() ?? 'statement'),
        // The agent gives the reason; it can't be answered by the user in its name.
        start: () => gate.run({ runId, connectionId: id, statement, agent: { name: agentName }, ask: { reason, use: 'once', durationMs } }),
        renew: () => operation,
      };
      const started = runs.submit(operation);
      const state = await settle(runId, runWaitMs, (one) => isOver(one) || one.state === 'pending', token);
      if (isOver(state)) await started;
      return answer(runId, state);
    },
    async wait(runId, token) {
      if (!wanted.has(runId)) return { status: 'blocked', message: l10n.t('There is no statement of an agent with the id {0}.', runId) };
      return answer(runId, await settle(runId, approvalWaitMs, isOver, token));
    },
  };
}
