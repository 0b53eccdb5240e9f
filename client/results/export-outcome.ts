/** What an export wrote, said once, with what to do about it. */
import { commands, type Disposable, l10n, Uri, window, workspace } from 'vscode';
import type { Exported } from '#core/wire/protocol.ts';
import { count } from '../words/count.ts';
import type { RunController } from '../run/run-controller.ts';

export function createExportOutcome(runs: RunController): Disposable {
  return runs.onDidChange(({ operation, state }) => {
    if (operation.capability === 'export' && state.state === 'done' && state.exported !== undefined) void tell(state.exported);
  });
}

async function tell({ path, rows, truncated, git, smallGroups }: Exported): Promise<void> {
  const name = path.split(/[/\\]/).at(-1) ?? path;
  const notes = [
    count(rows, l10n.t('Exported 1 row to {0}.', name), (shown) => l10n.t('Exported {0} rows to {1}.', shown, name)),
    ...(truncated ? [l10n.t('There were more: the approval or the row cap ends here.')] : []),
    ...(smallGroups === undefined || smallGroups.length === 0 ? [] : [l10n.t('In {0} fewer than five rows share a value: they may still identify somebody.', smallGroups.map(({ column }) => column).join(', '))]),
    ...(git === undefined ? [] : [l10n.t('It lies in a Git work tree and is not ignored.')]),
  ];
  const open = l10n.t('Open');
  const reveal = l10n.t('Show in folder');
  const ignore = l10n.t('Add to .gitignore');
  const message = notes.join(' ');
  const actions = git === undefined ? [open, reveal] : [ignore, open];
  const picked = git === undefined ? await window.showInformationMessage(message, ...actions) : await window.showWarningMessage(message, ...actions);
  if (picked === open) await commands.executeCommand('vscode.open', Uri.file(path));
  else if (picked === reveal) await commands.executeCommand('revealFileInOS', Uri.file(path));
  else if (picked === ignore && git !== undefined) await addToIgnored(git.root, git.pattern);
}

async function addToIgnored(root: string, pattern: string): Promise<void> {
  const uri = Uri.joinPath(Uri.file(root), '.gitignore');
  const present = await workspace.fs.readFile(uri).then((bytes) => new TextDecoder().decode(bytes), () => '');
  if (present.split(/\r?\n/).includes(pattern)) return;
  const separator = present === '' || present.endsWith('\n') ? '' : '\n';
  await workspace.fs.writeFile(uri, new TextEncoder().encode(`${present}${separator}${pattern}\n`));
}
