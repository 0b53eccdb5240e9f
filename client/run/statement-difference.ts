/** Shows what changed between the statement that was sent for approval and the one that stands in the file. */
import { l10n, Uri, workspace } from 'vscode';
import type { TextComparison } from '../words/text-comparison.ts';
import type { Operation } from './operation.ts';

export async function showStatementDifference({ runId, statement, origin }: Operation, comparison: TextComparison): Promise<void> {
  if (statement === undefined || origin === undefined) return;
  const text = (await workspace.openTextDocument(Uri.parse(origin.uri))).getText();
  const from = Math.min(origin.range.start, text.length);
  // The statement may have grown or shrunk: up to its semicolon, which is what would run now.
  const semicolon = text.indexOf(';', from);
  const present = text.slice(from, semicolon === -1 ? text.length : semicolon);
  await comparison.show(runId, statement, present, l10n.t('Statement: sent for approval ↔ present'));
}
