/** Asking again: for the statement as it stands now, since an approval of the old one would be worth nothing. */
import { commands, Uri, workspace } from 'vscode';
import type { Progress } from './operation.ts';
import type { RunController } from './run-controller.ts';

export async function askAgain(runs: RunController, { operation: { runId, capability, origin }, state }: Progress): Promise<void> {
  const refused = state.state === 'blocked';
  if (capability !== 'run' || !refused || origin === undefined || !await exists(origin.uri)) {
    await runs.again(runId);
    return;
  }
  runs.forget(runId);
  await commands.executeCommand('piiGate.runStatement', { uri: origin.uri, start: origin.range.start, end: origin.range.end });
}

async function exists(uri: string): Promise<boolean> {
  try {
    await workspace.openTextDocument(Uri.parse(uri));
    return true;
  } catch {
    return false;
  }
}
