/** From a result back to its statement, without taking the focus from where the user types. */
import { Range, Uri, window, workspace } from 'vscode';
import type { Progress } from './operation.ts';

export async function showStatement({ operation: { origin } }: Progress): Promise<void> {
  if (origin === undefined) return;
  const document = await workspace.openTextDocument(Uri.parse(origin.uri));
  const selection = new Range(document.positionAt(origin.range.start), document.positionAt(origin.range.end));
  await window.showTextDocument(document, { selection });
}
