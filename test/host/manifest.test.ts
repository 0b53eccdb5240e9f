/** What the manifest promises and the host can check. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extension, ready } from './host.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly icon: string;
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly keybindings: readonly { readonly command: string; readonly when: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, { readonly scope: string }>> }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string }[] };
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly svg: string } }[] }[];
  };
}
const manifest = (): Manifest => extension().packageJSON as Manifest;

suite('manifest', () => {
  test('every command of the manifest is registered, titled and in the category', async () => {
    await ready();
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const { command, title, category } of manifest().contributes.commands) {
      assert.ok(registered.has(command), `${command} is registered`);
      assert.equal(category, 'PII Gate', command);
      assert.ok(!title.startsWith('%'), `${command} has a title in package.nls.json`);
    }
  });

  test('it activates with a document, not with the editor', () => {
    assert.ok(!manifest().activationEvents.some((event) => event === '*' || event === 'onStartupFinished'));
  });

  test('an untrusted workspace gets no say in what is found, asked or connected to', () => {
    const { supported, restrictedConfigurations } = manifest().capabilities.untrustedWorkspaces;
    assert.equal(supported, 'limited');
    for (const key of ['disabledEntities', 'severity', 'exclude', 'inlineIgnores', 'minConfidence', 'connections', 'backend.url', 'backend.pinnedKey']) {
      assert.ok(restrictedConfigurations.includes(`piiGate.${key}`), key);
    }
  });

  test('settings have the scope that keeps them out of the wrong hands', () => {
    const scopes = Object.assign({}, ...manifest().contributes.configuration.map(({ properties }) => properties)) as Record<string, { readonly scope: string }>;
    for (const [key, { scope }] of Object.entries(scopes)) {
      const expected = /^piiGate\.(?:backend|providers)\./.test(key) ? 'machine' : key.startsWith('piiGate.policy.') ? 'application' : undefined;
      if (expected === undefined) assert.ok(['resource', 'language-overridable', 'window'].includes(scope), `${key}: ${scope}`);
      else assert.equal(scope, expected, key);
    }
  });

  test('a workspace cannot name the backend', async () => {
    await assert.rejects(async () => vscode.workspace.getConfiguration('piiGate').update('backend.url', 'https://example.com', vscode.ConfigurationTarget.Workspace));
  });

  test('keys are bound in SQL editors only', () => {
    for (const { when } of manifest().contributes.keybindings) assert.match(when, /editorLangId == sql/);
  });

  test('files that the manifest names exist', () => {
    const { icon, contributes } = manifest();
    for (const file of [icon, ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg))]) {
      assert.ok(existsSync(join(extension().extensionPath, file)), file);
    }
  });
});
