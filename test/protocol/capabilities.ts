/** Client capabilities for tests and benchmarks. */
import type { ClientCapabilities } from 'vscode-languageserver-protocol/node';

/** What VS Code can do, as far as the server looks at it. */
export const fullClient: ClientCapabilities = {
  workspace: {
    configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: true }, didChangeConfiguration: { dynamicRegistration: true }, didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
  },
  textDocument: {
    diagnostic: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } }, dataSupport: true, isPreferredSupport: true, resolveSupport: { properties: ['edit'] } },
  },
  notebookDocument: { synchronization: {} },
};
