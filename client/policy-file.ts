/** Opens `.pii-gate.yaml`, or a commented beginning of one that is saved only if the user saves it. */
import { commands, type Disposable, l10n, Uri, window, workspace } from 'vscode';

const beginning = `# PII Gate: what this workspace calls personal data. Committed, so that everyone sees the same.
version: 1

# rules:
#   disable: [IP_ADDRESS]

# allow:
#   - value: support@example.com
#     reason: public address
`;

export function registerPolicyFile(): Disposable {
  return commands.registerCommand('piiGate.openWorkspacePolicy', async () => {
    const folder = workspace.workspaceFolders?.[0];
    if (folder === undefined) {
      void window.showInformationMessage(l10n.t('Open a folder first: the policy is a file of the workspace.'));
      return;
    }
    const uri = Uri.joinPath(folder.uri, '.pii-gate.yaml');
    try {
      await workspace.fs.stat(uri);
      await window.showTextDocument(uri);
    } catch {
      const editor = await window.showTextDocument(await workspace.openTextDocument(uri.with({ scheme: 'untitled' })));
      await editor.edit((edit) => edit.insert(editor.document.positionAt(0), beginning));
    }
  });
}
