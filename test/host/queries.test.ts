/** Running statements from an editor: lenses, a harmless run, and everything that must not run. No backend is configured here. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PiiGateApi } from '#client/extension.ts';
import type { RunState } from '#core/wire/protocol.ts';
import { ended, nextRun, ready, workspaceFile } from './host.ts';

suite('queries', () => {
  let api: PiiGateApi;
  suiteSetup(async () => {
    api = await ready();
    await vscode.workspace.getConfiguration('piiGate').update(
      'connections', [{ id: 'shop', name: 'Shop', dialect: 'sqlite', environment: 'production', file: 'shop.db' }], vscode.ConfigurationTarget.Workspace,
    );
  });
  suiteTeardown(async () => {
    await vscode.workspace.getConfiguration('piiGate').update('connections', undefined, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  async function sql(text: string): Promise<vscode.TextEditor> {
    return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'sql', content: text }));
  }
  async function lenses(document: vscode.TextDocument): Promise<readonly string[]> {
    const found = await vscode.commands.executeCommand<readonly vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50);
    return found.map(({ command }) => command?.title ?? '');
  }
  async function run(): Promise<RunState> {
    const over = nextRun(api, ended);
    await vscode.commands.executeCommand('piiGate.runStatement');
    return (await over).run;
  }

  test('a lens says beforehand what will happen', async () => {
    const document = await vscode.workspace.openTextDocument(workspaceFile('queries/top-customers.sql'));
    await vscode.window.showTextDocument(document);
    const titles = await lenses(document);
    assert.ok(titles.some((title) => title.includes('Run')));
    assert.ok(titles.some((title) => title.includes('Runs now')), titles.join(' | '));
    const sensitive = await lenses((await sql('SELECT ssn FROM customers;')).document);
    assert.ok(sensitive.some((title) => title.includes('customers.ssn')), sensitive.join(' | '));
    assert.ok(sensitive.some((title) => title.includes('Make it not need approval')));
  });

  test('lenses can be switched off', async () => {
    const { document } = await sql('SELECT 1;');
    const configuration = vscode.workspace.getConfiguration('piiGate');
    await configuration.update('codeLens.enable', false, vscode.ConfigurationTarget.Workspace);
    assert.deepEqual(await lenses(document), []);
    await configuration.update('codeLens.enable', undefined, vscode.ConfigurationTarget.Workspace);
  });

  test('a harmless statement runs at once and leaves the focus where it was', async () => {
    const editor = await sql('SELECT status, COUNT(*) AS orders FROM orders GROUP BY status;');
    const over = await run();
    assert.equal(over.state, 'done', JSON.stringify(over));
    assert.ok(over.state === 'done' && over.result.rows > 0 && over.result.columns.length === 2);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
  });

  test('the statement under the cursor is meant, not the file', async () => {
    const editor = await sql('SELECT 1 AS one;\nSELECT 2 AS two;\n');
    editor.selection = new vscode.Selection(1, 3, 1, 3);
    const over = await run();
    assert.ok(over.state === 'done' && over.result.columns[0]?.name === 'two', JSON.stringify(over));
  });

  test('a selection runs as it is', async () => {
    const editor = await sql('SELECT 1 AS one UNION SELECT 2;');
    editor.selection = new vscode.Selection(0, 0, 0, 15);
    const over = await run();
    assert.ok(over.state === 'done' && over.result.rows === 1, JSON.stringify(over));
  });

  test('a sensitive statement does not run when there is nobody to ask', async () => {
    await sql('SELECT ssn FROM customers;');
    const over = await run();
    assert.ok(over.state === 'blocked' && over.blocked.code === 'no-backend', JSON.stringify(over));
  });

  test('a write is refused on a read-only connection', async () => {
    await sql("UPDATE orders SET status = 'open';");
    const over = await run();
    assert.ok(over.state === 'blocked' && over.blocked.code === 'read-only', JSON.stringify(over));
  });

  test('a statement that cannot be understood is not run unasked', async () => {
    await sql('SELEC ssn FRM customers');
    const over = await run();
    assert.notEqual(over.state, 'done');
  });

  test('what the data map says of a column can be corrected, in a file of the workspace', async () => {
    const connection = { id: 'shop', name: 'Shop', dialect: 'sqlite', environment: 'production', file: 'shop.db' };
    const inventory = workspaceFile('.pii-gate.inventory.yaml');
    const sensitive = async (): Promise<boolean> => (await lenses((await sql('SELECT email FROM customers;')).document)).some((title) => title.includes('customers.email'));
    assert.ok(await sensitive());
    await vscode.commands.executeCommand('piiGate.notPersonal', { connection, table: { schema: 'main', name: 'customers', kind: 'table', columns: [] }, column: { name: 'email' } });
    assert.match(new TextDecoder().decode(await vscode.workspace.fs.readFile(inventory)), /email/);
    await vscode.workspace.fs.delete(inventory);
  });

  test('the results view can be shown', async () => {
    await vscode.commands.executeCommand('piiGate.showResults');
    await vscode.commands.executeCommand('piiGate.results.focus');
  });
});
