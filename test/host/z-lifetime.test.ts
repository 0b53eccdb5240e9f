/** Restart and end. Last by name: after it the server is gone. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { diagnostics, extension, openText, ready } from './host.ts';

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

suite('lifetime', () => {
  test('a restarted server finds again', async () => {
    const api = await ready();
    const before = api.serverPid();
    const document = await openText('mail ilse.brandt@posteo.de\n');
    await diagnostics(document.uri, (list) => list.length === 1);
    await vscode.commands.executeCommand('piiGate.restartServer');
    assert.notEqual(api.serverPid(), before);
    await diagnostics(document.uri, (list) => list.length === 1);
  });

  test('deactivate ends the server', async () => {
    const api = await ready();
    const pid = api.serverPid();
    assert.ok(pid !== undefined && alive(pid));
    // The module that the host loaded: VS Code itself calls this when the window closes.
    const { deactivate } = require(join(extension().extensionPath, 'dist', 'extension.js')) as { deactivate(): Promise<void> };
    await deactivate();
    // Another process's end is no event here: it is looked for until mocha's time-out.
    while (alive(pid)) await setTimeout(50);
  });
});
