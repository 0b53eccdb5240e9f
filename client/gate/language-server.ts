/** Starts the language server and keeps it to what the host allows. */
import { type ConfigurationScope, type ExtensionContext, type LogOutputChannel, type TextDocument, Uri, workspace } from 'vscode';
import { LanguageClient, type LanguageClientOptions, RevealOutputChannelOn, type ServerOptions, TransportKind } from 'vscode-languageclient/node';

/** Schemes whose documents may hold personal data. Git's and diff's read-only copies are left out: they repeat a file. */
const schemes = ['file', 'untitled', 'vscode-notebook-cell', 'vscode-vfs', 'vscode-remote', 'output', 'pii-gate-result'];

export function createLanguageClient(context: ExtensionContext, log: LogOutputChannel): LanguageClient {
  const module = context.asAbsolutePath('dist/server.js');
  const serverOptions: ServerOptions = {
    run: { module, transport: TransportKind.ipc, options: { execArgv: engineFlags() } },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6019', ...engineFlags()] } },
  };
  const own = (uri: Uri): boolean => uri.scheme === 'output' && uri.path.includes(context.extension.id);
  const scanned = (document: TextDocument): boolean => !own(document.uri);
  const options: LanguageClientOptions = {
    documentSelector: schemes.map((scheme) => ({ scheme })),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: { trusted: workspace.isTrusted },
    diagnosticPullOptions: { onChange: true, onSave: false, onTabs: false, filter: (document) => own(document.uri) },
    middleware: {
      // A log line about a scan must not cause a scan of the log.
      didOpen: async (document, next) => { if (scanned(document)) await next(document); },
      didChange: async (event, next) => { if (scanned(event.document)) await next(event); },
      didClose: async (document, next) => { if (scanned(document)) await next(document); },
      workspace: { configuration: (params) => params.items.map(({ section, scopeUri }) => workspace.getConfiguration(section, scopeOf(scopeUri))) },
    },
  };
  return new LanguageClient('piiGate', 'PII Gate', serverOptions, options);
}

/**
 * V8's optimising compiler takes 550 MB for a moment, and 70 MB for good, over the PostgreSQL parser's one huge
 * function; the baseline compiler parses as fast. A local model is the one piece of WebAssembly that needs the former.
 * The flag has no effect once the process has started.
 */
function engineFlags(): string[] {
  return workspace.getConfiguration('piiGate').get<boolean>('providers.onnx.enable') === true ? [] : ['--liftoff-only'];
}

/** The document itself where it is open: only then do settings for one language count. */
function scopeOf(uri: string | undefined): ConfigurationScope | null {
  if (uri === undefined) return null;
  return workspace.textDocuments.find((document) => document.uri.toString() === uri) ?? Uri.parse(uri);
}
