/** Running the statement under the cursor, the selection, or the whole file in order. */
import { randomUUID } from 'node:crypto';
import { commands, type Disposable, l10n, type TextDocument, Uri, window, workspace } from 'vscode';
import type { ConnectionSettings, StatementInfo } from '#core/wire/protocol.ts';
import type { ConnectionChoice } from '../connections/connection-choice.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { isOver, type Operation, type SentBack } from './operation.ts';
import { promptParameters } from './parameters.ts';
import type { RunController } from './run-controller.ts';
import type { StatementSource } from './statement-source.ts';

/** What a code lens passes. */
export interface StatementTarget { readonly uri: string; readonly start: number; readonly end: number; readonly answers?: SentBack }

export interface RunCommandDependencies {
  readonly gate: GateClient;
  readonly source: StatementSource;
  readonly connections: ConnectionChoice;
  readonly runs: RunController;
  showResults(): Promise<void>;
}

export function registerRunCommands(deps: RunCommandDependencies): Disposable[] {
  const { source, connections, runs } = deps;

  const runStatement = async (target?: unknown): Promise<string | undefined> => {
    const place = await findPlace(target);
    if (place === undefined) return undefined;
    const connection = await connections.need(place.document);
    if (connection === undefined) return undefined;
    const statement = isTarget(target)
      ? (await source.statements(place.document, connection.id)).find(({ start, end }) => start <= target.start && target.start <= end)
      : await source.at(place.document, connection.id, place.offset);
    if (statement === undefined) {
      void window.setStatusBarMessage(l10n.t('PII Gate: there is no statement here.'), 4000);
      return undefined;
    }
    return runInfo(deps, place.document, connection, statement, '', isTarget(target) ? target.answers : undefined);
  };

  const runSelection = async (): Promise<void> => {
    const editor = window.activeTextEditor;
    if (editor === undefined) return;
    if (editor.selection.isEmpty) { await runStatement(); return; }
    const connection = await connections.need(editor.document);
    if (connection === undefined) return;
    const [start, end] = [editor.document.offsetAt(editor.selection.start), editor.document.offsetAt(editor.selection.end)];
    const all = await source.statements(editor.document, connection.id);
    const inside = all.filter((statement) => statement.start >= start && statement.end <= end);
    if (inside.length > 0) await runInOrder(deps, editor.document, connection, inside);
    // Part of a statement is a statement of its own: the server judges exactly this text.
    else await runText(deps, editor.document, connection, { start, end }, l10n.t('selection'), []);
  };

  const runFile = async (): Promise<void> => {
    const document = window.activeTextEditor?.document;
    if (document === undefined) return;
    const connection = await connections.need(document);
    if (connection !== undefined) await runInOrder(deps, document, connection, await source.statements(document, connection.id));
  };

  return [
    commands.registerCommand('piiGate.runStatement', (target?: unknown) => {
      const editor = window.activeTextEditor;
      return !isTarget(target) && editor !== undefined && !editor.selection.isEmpty ? runSelection() : runStatement(target);
    }),
    commands.registerCommand('piiGate.runSelection', runSelection),
    commands.registerCommand('piiGate.runFile', runFile),
    commands.registerCommand('piiGate.explainStatement', async (target?: unknown) => {
      const place = await findPlace(target);
      const connection = place === undefined ? undefined : await connections.need(place.document);
      if (place === undefined || connection === undefined) return;
      const statement = await source.at(place.document, connection.id, place.offset);
      if (statement !== undefined) await runInfo(deps, place.document, connection, statement, connection.dialect === 'sqlite' ? 'EXPLAIN QUERY PLAN ' : 'EXPLAIN ');
    }),
    commands.registerCommand('piiGate.cancelRun', async () => {
      const active = runs.all().filter(({ state }) => !isOver(state));
      if (active.length <= 1) { if (active[0] !== undefined) await runs.cancel(active[0].operation.runId); return; }
      const picked = await window.showQuickPick(
        active.map(({ operation, state }) => ({ label: operation.title, description: `${operation.connection.name} · ${state.state}`, runId: operation.runId })),
        { title: l10n.t('Cancel which query?'), canPickMany: true },
      );
      for (const { runId } of picked ?? []) await runs.cancel(runId);
    }),
  ];
}

async function runInOrder(deps: RunCommandDependencies, document: TextDocument, connection: ConnectionSettings, statements: readonly StatementInfo[]): Promise<void> {
  for (const statement of statements) {
    const runId = await runInfo(deps, document, connection, statement);
    if (runId === undefined) return;
    const state = await settled(deps.runs, runId);
    // What follows may depend on what did not run.
    if (state !== 'done' && state !== 'rows') return;
  }
}

/** Resolves with the state in which the operation ends. */
function settled(runs: RunController, runId: string): Promise<string> {
  const present = runs.get(runId)?.state;
  if (present === undefined || isOver(present)) return Promise.resolve(present?.state ?? 'cancelled');
  return new Promise((resolve) => {
    const done = (state: string): void => { changed.dispose(); forgotten.dispose(); resolve(state); };
    const changed = runs.onDidChange((progress) => { if (progress.operation.runId === runId && isOver(progress.state)) done(progress.state.state); });
    const forgotten = runs.onDidForget((id) => { if (id === runId) done('cancelled'); });
  });
}

async function runInfo(deps: RunCommandDependencies, document: TextDocument, connection: ConnectionSettings, statement: StatementInfo, prefix = '', answers?: SentBack): Promise<string | undefined> {
  const parameters = statement.facts.parameters.length === 0 ? [] : await promptParameters(statement.facts.parameters);
  return parameters === undefined ? undefined : runText(deps, document, connection, statement, prefix === '' ? titleOf(statement) : l10n.t('plan of {0}', titleOf(statement)), parameters, prefix, answers);
}

async function runText(
  deps: RunCommandDependencies, document: TextDocument, connection: ConnectionSettings, range: { readonly start: number; readonly end: number },
  title: string, parameters: NonNullable<Operation['parameters']>, prefix = '', answers?: SentBack,
): Promise<string> {
  const operation = createRunOperation(deps.gate, {
    runId: randomUUID(), connection, title,
    statement: prefix + document.getText().slice(range.start, range.end),
    ...(parameters.length === 0 ? {} : { parameters }),
    origin: { uri: document.uri.toString(), range: { start: range.start, end: range.end } },
    ...(answers === undefined ? {} : { answers }),
  });
  await deps.showResults();
  await deps.runs.submit(operation);
  return operation.runId;
}

export type RunDescription = Pick<Operation, 'runId' | 'connection' | 'title' | 'parameters' | 'origin' | 'answers'> & { readonly statement: string };

export function createRunOperation(gate: GateClient, run: RunDescription): Operation {
  return {
    ...run,
    capability: 'run',
    renew: (answers) => { const { answers: _, ...same } = run; return createRunOperation(gate, { ...same, runId: randomUUID(), ...(answers === undefined ? {} : { answers }) }); },
    start: (ask) => gate.run({
      runId: run.runId, connectionId: run.connection.id, statement: run.statement,
      ...(run.parameters === undefined ? {} : { parameters: run.parameters }),
      ...(run.origin === undefined ? {} : { uri: run.origin.uri, range: run.origin.range }),
      ...(ask === undefined ? {} : { ask }),
      ...(run.answers === undefined ? {} : { resubmits: run.answers.requestId }),
    }),
  };
}

/** "select customers, orders": never the statement's text. */
function titleOf({ facts }: StatementInfo): string {
  const tables = [...new Set(facts.tables.map(({ name }) => name))];
  const shown = tables.slice(0, 2).join(', ') + (tables.length > 2 ? '…' : '');
  return [facts.kind === 'unparsable' ? l10n.t('statement') : facts.kind, shown].filter((part) => part !== '').join(' ');
}

async function findPlace(target: unknown): Promise<{ readonly document: TextDocument; readonly offset: number } | undefined> {
  if (isTarget(target)) {
    const document = await workspace.openTextDocument(Uri.parse(target.uri));
    return { document, offset: target.start };
  }
  const editor = window.activeTextEditor;
  return editor === undefined ? undefined : { document: editor.document, offset: editor.document.offsetAt(editor.selection.active) };
}

export function isTarget(value: unknown): value is StatementTarget {
  return typeof value === 'object' && value !== null && 'uri' in value && 'start' in value && 'end' in value;
}
