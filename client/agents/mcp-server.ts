/** Offers `pii-gate mcp` to the editor's agents, with the connections that agents may use. Secrets are handed over when it is started, not before. */
import { type Disposable, type Event, EventEmitter, type ExtensionContext, l10n, lm, type McpServerDefinitionProvider, McpStdioServerDefinition, workspace } from 'vscode';
import { readBackend, readConnections } from '../settings/settings.ts';
import type { Secrets } from '../settings/secrets.ts';

export interface McpDependencies {
  readonly context: ExtensionContext;
  readonly secrets: Secrets;
  /** The backend in use and a token for it; undefined without one. */
  backend(): Promise<{ readonly url: string; readonly token: string } | undefined>;
  readonly onDidChange: Event<unknown>;
}

/** Empty where the editor knows no MCP servers yet. */
export function registerMcpServer({ context, secrets, backend, onDidChange }: McpDependencies): Disposable[] {
  if (typeof lm.registerMcpServerDefinitionProvider !== 'function') return [];
  const changed = new EventEmitter<void>();
  const listen = [
    workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('piiGate.connections') || event.affectsConfiguration('piiGate.backend')) changed.fire(); }),
    onDidChange(() => changed.fire()),
  ];
  const version = String((context.extension.packageJSON as { readonly version?: unknown }).version ?? '');
  const definitions: McpServerDefinitionProvider<McpStdioServerDefinition> = {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions() {
      if (!workspace.isTrusted) return [];
      const definition = new McpStdioServerDefinition(l10n.t('PII Gate'), process.execPath, [context.asAbsolutePath('dist/cli.js'), 'mcp'], { ELECTRON_RUN_AS_NODE: '1' }, version);
      const folder = workspace.workspaceFolders?.[0]?.uri;
      if (folder?.scheme === 'file') definition.cwd = folder;
      return [definition];
    },
    async resolveMcpServerDefinition(definition) {
      const connections = readConnections().filter(({ agents }) => agents === true);
      const passwords: Record<string, string> = {};
      for (const { id } of connections) {
        const password = await secrets.password(id);
        if (password !== undefined) passwords[id] = password;
      }
      const asked = await backend();
      definition.env = {
        ...definition.env,
        PII_GATE_CONNECTIONS: JSON.stringify(connections), PII_GATE_PASSWORDS: JSON.stringify(passwords), PII_GATE_INSTALLATION_KEY: await secrets.installationKey(),
        ...(asked === undefined ? {} : { PII_GATE_BACKEND: JSON.stringify(readBackend(process.env).how), PII_GATE_BACKEND_URL: asked.url, PII_GATE_TOKEN: asked.token }),
      };
      return definition;
    },
  };
  return [lm.registerMcpServerDefinitionProvider('piiGate.mcp', definitions), changed, ...listen];
}
