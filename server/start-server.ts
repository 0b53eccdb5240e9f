/** Wires features to a connection once the client has introduced itself. Bindings only. */
import {
  type Connection, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, type InitializeParams, type InitializeResult, TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { Detector } from '#core/engine/detector.ts';
import type { Masker } from '#core/masking/masker.ts';
import type { Core } from './detection/core.ts';
import { ScanPlans } from './detection/scan-plans.ts';
import { Diagnostics } from './diagnostics/diagnostics.ts';
import { EveryFinding } from './diagnostics/every-finding.ts';
import { DocumentStore } from './documents/document-store.ts';
import { listenToNotebooks } from './documents/notebook-sync.ts';
import { applyFixCommand, codeActionKinds, registerFixes } from './fixes/register.ts';
import { dataPolicyOf } from '#query/results/data-policy.ts';
import { registerHover } from './hover/register.ts';
import { PolicyEditing } from './policy/policy-editing.ts';
import { PolicyStore, policyFileName } from './policy/policy-store.ts';
import { WorkspaceInventory } from './policy/workspace-inventory.ts';
import { postJson } from '#files/providers/post-json.ts';
import { ProviderResults } from './providers/provider-results.ts';
import { Providers } from '#files/providers/providers.ts';
import { Boundary } from './session/boundary.ts';
import { type ClientSupport, clientSupport } from './session/client-support.ts';
import type { FeatureDeps } from './session/feature-deps.ts';
import { GateLoader, type RegisterGate } from './session/gate-loader.ts';
import { InstallationKey } from './session/installation-key.ts';
import type { ServerPaths } from './session/paths.ts';
import { readStartOptions } from './session/start-options.ts';
import { Trust } from './session/trust.ts';
import { SettingsStore, settingsSection } from './settings/settings-store.ts';
import { basename } from './text/uri-path.ts';
import { registerWorkspaceScan } from './workspace-scan/register.ts';

export interface ServerParts {
  /** Called once, after `initialize` was answered or by the first request that needs it. */
  readonly loadCore: () => Promise<Core>;
  readonly loadGate: () => Promise<RegisterGate>;
  readonly paths: ServerPaths;
}

export function startServer(connection: Connection, parts: ServerParts): void {
  connection.onInitialize((params) => initialize(connection, parts, params));
}

function initialize(connection: Connection, { loadCore, loadGate, paths }: ServerParts, params: InitializeParams): InitializeResult {
  const support = clientSupport(params.capabilities);
  const options = readStartOptions(params.initializationOptions);
  const log = { error: (line: string) => connection.console.error(line) };
  const boundary = new Boundary(log);
  const trust = new Trust(options.trusted);
  const installationKey = new InstallationKey();
  const documents = new DocumentStore();
  const settings = new SettingsStore(connection, support, options.settings);
  let loading: Promise<Core> | undefined;
  const core = (): Promise<Core> => {
    loading ??= loadCore();
    return loading;
  };
  const detector = async (): Promise<Detector> => (await core()).engine.detector();
  const policies = new PolicyStore(foldersOf(params), async (text) => (await core()).parsePolicy(text, policyFileName));
  const inventories = new WorkspaceInventory((uri) => policies.text(uri), async (text, source) => (await core()).readInventory(text, source));
  const plans = new ScanPlans({ engine: async () => (await core()).engine, settings, policies, trust, providers: new Providers(postJson, paths.onnxWorker) });
  const policyEditing = new PolicyEditing({
    documents,
    support,
    schema: async () => (await core()).policySchema,
    problems: async (text) => (await core()).parsePolicy(text, policyFileName).problems,
    known: async (key) => knownValues(await detector(), key),
  });
  const masker = async (): Promise<Masker> => (await core()).createMasker(installationKey.get(), await detector());
  const gate = new GateLoader(connection, loadGate, {
    texts: documents,
    detector,
    masker,
    installationKey,
    trust,
    dataPolicy: async (uri) => {
      const folders = await policies.all(uri);
      const data = dataPolicyOf(folders.map(({ policy }) => policy), (await detector()).entities());
      return { ...data, entries: [...data.entries, ...await inventories.entries(folders.map(({ folder }) => folder))] };
    },
    diagnosticsChanged: (uri) => diagnostics.refresh(uri),
    boundary,
    paths,
  }, log);
  const diagnostics = new Diagnostics({
    connection, boundary, support, documents, plans, settings,
    providers: new ProviderResults({ boundary, masker, changed: (uri) => diagnostics.refresh(uri), now: () => performance.now() }),
    extra: [(uri) => policyEditing.diagnostics(uri), (uri) => gate.extraDiagnostics(uri)],
  });
  const deps: FeatureDeps = { connection, boundary, support, documents, diagnostics, everyFinding: new EveryFinding(diagnostics), settings, policies, policyEditing, trust, gate, masker };

  documents.listen(connection, boundary);
  listenToNotebooks(connection, documents, boundary);
  registerHover(deps);
  registerFixes(deps);
  registerWorkspaceScan(deps, { scanWorker: paths.scanWorker, entities: async () => (await detector()).entities() });
  connection.onCompletion(boundary.request('textDocument/completion', ({ textDocument, position }) => policyEditing.complete(textDocument.uri, position)));

  const policyChanged = (uri?: string): void => {
    policies.changed(uri);
    diagnostics.refresh();
  };
  trust.onDidChange(() => diagnostics.refresh());
  documents.onDidSave((uri) => {
    if (basename(uri) === policyFileName) policyChanged(uri);
  });
  connection.onDidChangeWatchedFiles(boundary.event('didChangeWatchedFiles', ({ changes }) => {
    for (const { uri } of changes) if (basename(uri) === policyFileName) policyChanged(uri);
  }));
  connection.onDidChangeConfiguration(boundary.event('didChangeConfiguration', (change) => {
    settings.changed(change.settings);
    diagnostics.refresh();
  }));
  connection.onInitialized(boundary.event('initialized', async () => {
    // Warm the engine while the client opens its documents.
    void detector().catch(() => {});
    await registerLater(connection, support, () => policyFolders());
    await gate.start();
  }));
  connection.onShutdown(() => gate.dispose());

  const policyFolders = (): void => {
    connection.workspace.onDidChangeWorkspaceFolders(boundary.event('didChangeWorkspaceFolders', async () => {
      const folders = await connection.workspace.getWorkspaceFolders();
      policies.setFolders((folders ?? []).map(({ uri }) => uri));
      diagnostics.refresh();
    }));
  };

  return { capabilities: capabilities(support), serverInfo: { name: 'PII Gate' } };
}

function capabilities(support: ClientSupport): InitializeResult['capabilities'] {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    notebookDocumentSync: { notebookSelector: [{ notebook: '*', cells: [{ language: '*' }] }] },
    hoverProvider: true,
    completionProvider: { triggerCharacters: [':', ' ', '-'] },
    codeActionProvider: support.codeActionLiterals ? { codeActionKinds: [...codeActionKinds], resolveProvider: support.codeActionResolve } : true,
    ...(support.codeActionLiterals ? {} : { executeCommandProvider: { commands: [applyFixCommand] } }),
    ...(support.pullDiagnostics ? { diagnosticProvider: { identifier: 'pii-gate', interFileDependencies: false, workspaceDiagnostics: false } } : {}),
    ...(support.workspaceFolders ? { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } } : {}),
  };
}

/** What can only be asked for after `initialized`. */
async function registerLater(connection: Connection, support: ClientSupport, watchFolders: () => void): Promise<void> {
  if (support.workspaceFolders) watchFolders();
  if (support.dynamicConfiguration) await connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
  if (support.dynamicFileWatch) await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: `**/${policyFileName}` }] });
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return rootUri === null || rootUri === undefined ? [] : [rootUri];
}

/** Entities and rules by the key under which a policy names them. */
function knownValues(detector: Detector, key: string): readonly string[] {
  const infos = detector.entities();
  if (/entit/i.test(key)) return infos.map(({ entity }) => entity);
  if (/rule|disable/i.test(key)) return infos.flatMap(({ ruleIds }) => ruleIds);
  return [];
}
