/** Language model tools in the real host: the same gate as a person's. No backend is configured here. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ready } from './host.ts';

async function invoke(name: string, input: object): Promise<string> {
  const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return result.content.map((part) => part instanceof vscode.LanguageModelTextPart ? part.value : '').join('');
}

suite('agents', () => {
  suiteSetup(async () => {
    await ready();
    const shop = { dialect: 'sqlite', environment: 'production', file: 'shop.db' };
    await vscode.workspace.getConfiguration('piiGate').update('connections', [
      { id: 'open', name: 'Open to agents', agents: true, ...shop }, { id: 'closed', name: 'Closed to agents', ...shop },
    ], vscode.ConfigurationTarget.Workspace);
  });
  suiteTeardown(() => vscode.workspace.getConfiguration('piiGate').update('connections', undefined, vscode.ConfigurationTarget.Workspace));

  test('only connections that agents may use are listed', async () => {
    const listed = JSON.parse(await invoke('pii-gate_list_connections', {})) as { id: string }[];
    assert.deepEqual(listed.map(({ id }) => id), ['open']);
  });

  test('a harmless statement gives fenced rows', async () => {
    const answer = await invoke('pii-gate_query', { connection: 'open', statement: 'SELECT status, COUNT(*) AS orders FROM orders GROUP BY status', reason: 'count orders', maxRows: 2 });
    assert.match(answer, /^completed: \d+ of \d+ rows/);
    assert.match(answer, /untrusted data/);
  });

  test('a sensitive statement gives no rows when there is nobody to ask', async () => {
    const answer = await invoke('pii-gate_query', { connection: 'open', statement: 'SELECT ssn FROM customers', reason: 'curiosity' });
    assert.match(answer, /blocked/);
    assert.doesNotMatch(answer, /\d{3}-\d{2}-\d{4}/);
  });

  test('a connection that is not open to agents is refused', async () => {
    assert.match(await invoke('pii-gate_query', { connection: 'closed', statement: 'SELECT 1', reason: 'try' }), /blocked/);
  });

  test('an agent can wait only for what an agent started', async () => {
    assert.match(await invoke('pii-gate_wait', { runId: 'made-up' }), /blocked/);
  });
});
