/** Two texts in the native diff editor. They are held in memory until it is closed: nothing goes to disk or into a URI that history keeps. */
import { commands, type Disposable, Uri, workspace } from 'vscode';

const scheme = 'pii-gate-statement';

export interface TextComparison extends Disposable {
  /** `key` tells comparisons apart; the same key shows the new texts. */
  show(key: string, left: string, right: string, title: string): Promise<void>;
}

export function createTextComparison(): TextComparison {
  const texts = new Map<string, string>();
  const subscriptions = [
    workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '' }),
    workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
  ];
  const hold = (key: string, name: string, text: string): Uri => {
    const uri = Uri.from({ scheme, path: `/${key}/${name}.sql` });
    texts.set(uri.toString(), text);
    return uri;
  };
  return {
    async show(key, left, right, title) { await commands.executeCommand('vscode.diff', hold(key, 'before', left), hold(key, 'after', right), title); },
    dispose() { texts.clear(); for (const subscription of subscriptions) subscription.dispose(); },
  };
}
