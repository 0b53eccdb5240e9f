/** What the host tests share: waiting for events, never for time. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PiiGateApi } from '#client/extension.ts';
import type { RunState } from '#core/wire/protocol.ts';

export const extensionId = 'pii-gate.pii-gate';

export function extension(): vscode.Extension<PiiGateApi> {
  const found = vscode.extensions.getExtension<PiiGateApi>(extensionId);
  assert.ok(found, 'the extension is installed');
  return found;
}

/** Activates and waits until the language server answers. */
export async function ready(): Promise<PiiGateApi> {
  const api = await extension().activate();
  await api.ready;
  return api;
}

export function workspaceFile(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
}

export const piiOf = (uri: vscode.Uri): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'PII Gate');

/** Resolves once the document's findings satisfy `wanted`; mocha's time-out ends a wait in vain. */
export function diagnostics(uri: vscode.Uri, wanted: (found: readonly vscode.Diagnostic[]) => boolean): Promise<readonly vscode.Diagnostic[]> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const found = piiOf(uri);
      if (!wanted(found)) return false;
      subscription.dispose();
      resolve(found);
      return true;
    };
    const subscription = vscode.languages.onDidChangeDiagnostics(({ uris }) => { if (uris.some((one) => one.toString() === uri.toString())) look(); });
    look();
  });
}

/** A new document with findings. Its text is made up. */
export async function openText(content: string, language = 'plaintext'): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ content, language });
  await vscode.window.showTextDocument(document);
  return document;
}

/** Resolves with the first state of any run that satisfies `wanted`, from now on. */
export function nextRun(api: PiiGateApi, wanted: (run: RunState) => boolean): Promise<{ readonly runId: string; readonly run: RunState }> {
  return new Promise((resolve) => {
    const subscription = api.onDidChangeRun((changed) => {
      if (!wanted(changed.run)) return;
      subscription.dispose();
      resolve(changed);
    });
  });
}

export const ended = ({ state }: RunState): boolean => ['done', 'blocked', 'failed', 'cancelled'].includes(state);

/** Sets a setting for the length of one test. */
export async function withSetting(key: string, value: unknown, body: () => Promise<void>, languageId?: string): Promise<void> {
  const configuration = () => vscode.workspace.getConfiguration(undefined, languageId === undefined ? null : { languageId });
  await configuration().update(key, value, vscode.ConfigurationTarget.Workspace, languageId !== undefined);
  try {
    await body();
  } finally {
    await configuration().update(key, undefined, vscode.ConfigurationTarget.Workspace, languageId !== undefined);
  }
}
