/** The fix "Allow this value in this workspace": an entry in the folder's `.pii-gate.yaml`, opened, on disk or new. */
import { LSPErrorCodes, ResponseError, type WorkspaceEdit } from 'vscode-languageserver/node';
import { LineIndex } from '#core/text/line-index.ts';
import type { Finding } from '#core/wire/finding.ts';
import type { OpenDocument } from '../documents/open-document.ts';
import type { FeatureDeps } from '../session/feature-deps.ts';
import { allowTextEdit } from './allow-text.ts';
import { policyFileName } from './policy-store.ts';

export async function allowEdit(deps: FeatureDeps, document: OpenDocument, finding: Finding): Promise<WorkspaceEdit> {
  const home = document.notebook ?? document.uri;
  const folder = deps.policies.folderOf(home);
  if (folder === undefined || !deps.trust.get()) throw new ResponseError(LSPErrorCodes.RequestFailed, 'Values can be allowed in a trusted workspace folder only.');
  const uri = deps.policies.fileOf(folder);
  const open = deps.documents.get(uri);
  const text = open?.text() ?? (await deps.policies.text(uri));
  const edit = allowTextEdit(text ?? '', { entity: finding.entity, value: document.text().slice(finding.start, finding.end) });
  if (edit === undefined) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, `${policyFileName} can't be extended as it is: it must be a YAML map whose "allow" is a block list. Open it to see what is wrong.`);
  }
  const lines = open?.lines ?? new LineIndex(text ?? '');
  const edits = [{ range: lines.rangeOf(edit.start, edit.end), newText: edit.text }];
  if (!deps.support.versionedEdits) {
    if (text === undefined) throw new ResponseError(LSPErrorCodes.RequestFailed, `Create ${policyFileName} in the workspace folder first: this editor can't create files for PII Gate.`);
    return { changes: { [uri]: edits } };
  }
  const change = { textDocument: { uri, version: open?.version ?? null }, edits };
  if (text !== undefined) return { documentChanges: [change] };
  if (!deps.support.createFile) throw new ResponseError(LSPErrorCodes.RequestFailed, `Create ${policyFileName} in the workspace folder first: this editor can't create files for PII Gate.`);
  return { documentChanges: [{ kind: 'create', uri, options: { ignoreIfExists: true } }, change] };
}
