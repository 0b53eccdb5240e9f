/** The approval backend on this machine, started by the extension: a team of one gets masked results on staging. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PiiGateApi } from '#client/extension.ts';
import { ended, nextRun, ready } from './host.ts';

suite('embedded backend', () => {
  let api: PiiGateApi;
  suiteSetup(async () => {
    api = await ready();
    await vscode.workspace.getConfiguration('piiGate').update(
      'connections', [{ id: 'staging', name: 'Shop', dialect: 'sqlite', environment: 'staging', file: 'shop.db' }], vscode.ConfigurationTarget.Workspace,
    );
    await vscode.commands.executeCommand('piiGate.startBackend');
  });
  suiteTeardown(async () => {
    await vscode.commands.executeCommand('piiGate.stopBackend');
    await vscode.workspace.getConfiguration('piiGate').update('connections', undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('it is remembered, and the statement runs masked as its policy says', async () => {
    assert.equal(vscode.workspace.getConfiguration('piiGate').get('backend.embedded'), true);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'sql', content: 'SELECT id, ssn FROM customers LIMIT 3;' }));
    const over = nextRun(api, ended);
    await vscode.commands.executeCommand('piiGate.runStatement');
    const { run } = await over;
    assert.ok(run.state === 'done', JSON.stringify(run));
    assert.deepEqual(run.result.columns.map(({ name, masked }) => [name, masked]), [['id', false], ['ssn', true]]);
  });

  test('without it a sensitive statement is blocked again', async () => {
    await vscode.commands.executeCommand('piiGate.stopBackend');
    const over = nextRun(api, ended);
    await vscode.commands.executeCommand('piiGate.runStatement');
    const { run } = await over;
    assert.ok(run.state === 'blocked', JSON.stringify(run));
  });
});
