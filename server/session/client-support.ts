/** What the connected client can do, read once from its capabilities. Every feature degrades by these flags and nothing else. */
import type { ClientCapabilities } from 'vscode-languageserver-protocol';

export interface ClientSupport {
  /** Asks for diagnostics itself (`textDocument/diagnostic`). */
  readonly pullDiagnostics: boolean;
  /** Can be told to ask again (`workspace/diagnostic/refresh`). */
  readonly refreshDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly diagnosticData: boolean;
  /** Answers `workspace/configuration`. */
  readonly configuration: boolean;
  readonly workspaceFolders: boolean;
  /** Lets the server register for configuration changes after `initialize`. */
  readonly dynamicConfiguration: boolean;
  readonly dynamicFileWatch: boolean;
  /** Takes `CodeAction` objects rather than bare commands. */
  readonly codeActionLiterals: boolean;
  /** Resolves `edit` later, so that listing actions stays cheap. */
  readonly codeActionResolve: boolean;
  readonly versionedEdits: boolean;
  /** Accepts `create` operations inside a workspace edit. */
  readonly createFile: boolean;
  readonly markdownHover: boolean;
  readonly workDoneProgress: boolean;
}

export function clientSupport(capabilities: ClientCapabilities): ClientSupport {
  const { textDocument, workspace, window } = capabilities;
  const action = textDocument?.codeAction;
  const diagnostic = { ...textDocument?.publishDiagnostics, ...textDocument?.diagnostic };
  return {
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    relatedInformation: diagnostic.relatedInformation === true,
    codeDescription: diagnostic.codeDescriptionSupport === true,
    diagnosticData: diagnostic.dataSupport === true,
    configuration: workspace?.configuration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    dynamicConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    dynamicFileWatch: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    // A client that says nothing of code actions is young or a script, and takes literals; one that speaks of them without takes commands.
    codeActionLiterals: action === undefined || action.codeActionLiteralSupport !== undefined,
    codeActionResolve: action?.dataSupport === true && (action.resolveSupport?.properties.includes('edit') ?? false),
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    createFile: workspace?.workspaceEdit?.documentChanges === true && (workspace.workspaceEdit.resourceOperations?.includes('create') ?? false),
    markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') ?? false,
    workDoneProgress: window?.workDoneProgress === true,
  };
}
