/** Shows what changed between the statement that was sent for approval and the one that stands in the file. */
import { commands, type Disposable, l10n, Uri, workspace } from 'vscode';
import type { Operation } from './operation.ts';

const scheme = 'pii-gate-statement';

export interface StatementDifference extends Disposable {
  show(operation: Operation): Promise<void>;
}

/** Texts are held in memory until the comparison is closed: nothing is written to disk or into a URI that history keeps. */
export function createStatementDifference(): StatementDifference {
  const texts = new Map<string, string>();
  const subscriptions = [
    workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '' }),
    workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
  ];
  const hold = (runId: string, name: string, text: string): Uri => {
    const uri = Uri.from({ scheme, path: `/${runId}/${name}.sql` });
    texts.set(uri.toString(), text);
    return uri;
  };
  return {
    async show({ runId, statement, origin }) {
      if (statement === undefined || origin === undefined) return;
      const text = (await workspace.openTextDocument(Uri.parse(origin.uri))).getText();
      const from = Math.min(origin.range.start, text.length);
      // The statement may have grown or shrunk: up to its semicolon, which is what would run now.
      const semicolon = text.indexOf(';', from);
      const present = text.slice(from, semicolon === -1 ? text.length : semicolon);
      await commands.executeCommand('vscode.diff', hold(runId, 'approved', statement), hold(runId, 'present', present), l10n.t('Statement: sent for approval ↔ present'));
    },
    dispose() { texts.clear(); for (const subscription of subscriptions) subscription.dispose(); },
  };
}
