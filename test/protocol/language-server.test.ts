import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CancellationTokenSource, type CodeAction, type Diagnostic, type Hover } from 'vscode-languageserver-protocol';
import type { ScanWorkspaceResult } from '#core/wire/protocol.ts';
import { fullClient } from './capabilities.ts';
import { applyEdit, positionOf, TestClient, words } from './client.ts';

const email = 'jane.doe@acme-shop.com';
const source = `const contact = "${email}";\n// backup ${email}\nconst ssn = '536-90-4399';\n`;
const uri = 'file:///w/seed.ts';

suite('a client like VS Code', () => {
  let client: TestClient;
  before(async () => {
    client = await TestClient.start();
    await client.open(uri, 'typescript', source);
  });
  after(async () => {
    assert.equal(await client.stop(), 0);
    assert.deepEqual(client.stderr, []);
  });

  test('pulls diagnostics with entity, source, page and no value', async () => {
    const found = await client.diagnostics(uri);
    assert.deepEqual(found.map(({ code }) => code), ['EMAIL_ADDRESS', 'EMAIL_ADDRESS', 'US_SSN']);
    for (const diagnostic of found) {
      assert.equal(diagnostic.source, 'PII Gate');
      assert.match(diagnostic.codeDescription!.href, new RegExp(`/docs/entities\\.md#${String(diagnostic.code).toLowerCase()}$`));
      assert.match(words(diagnostic), /^[A-Z].* \(\d+ %\)\. Ctrl\+\. to mask\.$/);
    }
    assert.deepEqual(found[0]!.range, { start: positionOf(source, email), end: { line: 0, character: 17 + email.length } });
    assert.doesNotMatch(JSON.stringify(found), /jane|acme|4399|\*/);
    assert.deepEqual(found.map(({ relatedInformation }) => relatedInformation?.map(({ location }) => location.range.start)), [[found[1]!.range.start], [found[0]!.range.start], undefined]);
  });

  test('says unchanged while nothing changed', async () => {
    const first = await client.pull(uri);
    assert.ok(first.kind === 'full' && first.resultId !== undefined);
    assert.equal((await client.pull(uri, first.resultId)).kind, 'unchanged');
  });

  test('hover explains and shows every replacement, never the value', async () => {
    const hover = await client.connection.sendRequest<Hover>('textDocument/hover', { textDocument: { uri }, position: positionOf(source, '536') });
    const text = (hover.contents as { value: string }).value;
    for (const part of ['social security number', 'Why', 'masked', 'token', 'fake', 'redacted', 'us/ssn', 'HIPAA', 'user.government_id']) assert.ok(text.includes(part), part);
    assert.ok(!text.includes('536-90-4399'));
    const nothing = await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 2 } });
    assert.equal(nothing, null);
  });

  test('offers the fixes in order, one of them preferred', async () => {
    const at = positionOf(source, email);
    const actions = await client.actions(uri, { start: at, end: at });
    assert.deepEqual(actions.map(({ title }) => title.replace(/ \(.*/, '')), ['Mask this value', 'Mask all 2 of this kind in this file', 'Mask everything in this file', 'Replace by a stable token', 'Replace by a realistic fake', 'Ignore here']);
    assert.deepEqual(actions.filter(({ isPreferred }) => isPreferred).map(({ title }) => title), [actions[0]!.title]);
    assert.ok(actions.every(({ edit }) => edit === undefined));
    assert.doesNotMatch(JSON.stringify(actions), /jane|acme-shop/);
  });

  const fixed = async (title: RegExp): Promise<string> => {
    const at = positionOf(source, email);
    const action = (await client.actions(uri, { start: at, end: at })).find((one) => title.test(one.title))!;
    const { edit } = await client.resolve(action);
    assert.equal((edit!.documentChanges![0] as { textDocument: { version: number } }).textDocument.version, 1);
    return applyEdit(source, uri, edit!);
  };

  test('masks this value only', async () => {
    const result = await fixed(/^Mask this/);
    assert.equal(result.split(email).length, 2);
    assert.match(result, /^const contact = "[^"]+";\n\/\/ backup/);
  });
  test('masks all of the kind', async () => {
    const result = await fixed(/^Mask all/);
    assert.ok(!result.includes(email) && result.includes('536-90-4399'));
  });
  test('masks everything', async () => {
    const result = await fixed(/^Mask everything/);
    assert.ok(!result.includes(email) && !result.includes('536-90-4399'));
  });
  test('a token is the same for the same value', async () => assert.equal(await fixed(/token/), await fixed(/token/)));
  test('ignores here with the language\'s comment', async () => assert.match(await fixed(/^Ignore/), /"; \/\/ pii-gate:ignore EMAIL_ADDRESS\n/));

  test('source.fixAll.piiGate comes when asked for, and only then', async () => {
    const whole = { start: { line: 0, character: 0 }, end: { line: 3, character: 0 } };
    for (const kind of ['source.fixAll.piiGate', 'source.fixAll', 'source']) {
      const actions = await client.actions(uri, whole, [kind]);
      assert.deepEqual(actions.map((action) => action.kind), ['source.fixAll.piiGate']);
      assert.doesNotMatch(applyEdit(source, uri, (await client.resolve(actions[0]!)).edit!), /jane|536-90/);
    }
    assert.deepEqual(await client.actions(uri, whole, ['refactor']), []);
  });

  test('a fix of a changed document is refused', async () => {
    const other = 'untitled:Stale';
    await client.open(other, 'plaintext', `x ${email}`);
    const [action] = await client.actions(other, { start: { line: 0, character: 4 }, end: { line: 0, character: 4 } });
    await client.change(other, 2, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: 'new ' }]);
    await assert.rejects(client.resolve(action as CodeAction), { code: -32801 });
  });

  test('an edit moves, removes and adds diagnostics', async () => {
    const doc = 'file:///w/edit.txt';
    await client.open(doc, 'plaintext', `first\n${email}\n😀 SSN: 536-90-4399\n`);
    const starts = async () => (await client.diagnostics(doc)).map(({ code, range }) => `${code} ${range.start.line}:${range.start.character}`);
    assert.deepEqual(await starts(), ['EMAIL_ADDRESS 1:0', 'US_SSN 2:8']);
    await client.change(doc, 2, [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: 'zero\n' },
      { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 5 } }, text: '' },
    ]);
    assert.deepEqual(await starts(), ['EMAIL_ADDRESS 2:0', 'US_SSN 3:8']);
    await client.change(doc, 3, [{ range: { start: { line: 2, character: 3 }, end: { line: 2, character: 4 } }, text: ' ' }]);
    assert.deepEqual(await starts(), ['US_SSN 3:8']);
    await client.change(doc, 4, [{ text: 'nothing here' }]);
    assert.deepEqual(await starts(), []);
    await client.change(doc, 5, [{ text: `mail ${email}` }]);
    assert.deepEqual(await starts(), ['EMAIL_ADDRESS 0:5']);
  });

  test('cells of a notebook are documents', async () => {
    const cell = (name: string) => `vscode-notebook-cell:/w/n.ipynb#${name}`;
    const document = (name: string, text: string) => ({ uri: cell(name), languageId: 'python', version: 1, text });
    await client.connection.sendNotification('notebookDocument/didOpen', {
      notebookDocument: { uri: 'file:///w/n.ipynb', notebookType: 'jupyter-notebook', version: 1, cells: [{ kind: 2, document: cell('a') }] },
      cellTextDocuments: [document('a', `mail = "${email}"`)],
    });
    assert.equal((await client.diagnostics(cell('a'))).length, 1);
    await client.connection.sendNotification('notebookDocument/didChange', {
      notebookDocument: { uri: 'file:///w/n.ipynb', version: 2 },
      change: { cells: {
        structure: { array: { start: 1, deleteCount: 0, cells: [{ kind: 2, document: cell('b') }] }, didOpen: [document('b', "ssn = '536-90-4399'")] },
        textContent: [{ document: { uri: cell('a'), version: 2 }, changes: [{ text: 'pass' }] }],
      } },
    });
    assert.equal((await client.diagnostics(cell('a'))).length, 0);
    assert.equal((await client.diagnostics(cell('b'))).length, 1);
  });

  test('above the limit there are aggregates and one summary', async () => {
    const doc = 'file:///w/many.log';
    await client.open(doc, 'log', Array.from({ length: 1500 }, (_, index) => `user${index}@acme-shop.com\n`).join(''));
    const found = await client.diagnostics(doc);
    assert.ok(found.length <= 1000);
    assert.equal(found.filter(({ code }) => code === 'SUMMARY').length, 1);
    assert.match(words(found.find(({ code }) => code === 'SUMMARY')!), /^1,500 findings in this file/);
    assert.ok(found.some((diagnostic) => /502 more in this file/.test(words(diagnostic))));
  });

  test('unknown documents, odd positions and unknown actions are answered, not crashed on', async () => {
    assert.deepEqual(await client.diagnostics('file:///nowhere'), []);
    assert.deepEqual(await client.actions('file:///nowhere', { start: { line: 0, character: 0 }, end: { line: 9, character: 9 } }), []);
    assert.equal(await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 999, character: 999 } }), null);
    await assert.rejects(client.resolve({ title: 'x', data: { fix: 'mask' } }));
  });
});

test('a client that says nothing of itself gets pushes and finished fixes', async () => {
  const client = await TestClient.start({ capabilities: {} });
  await client.open(uri, 'typescript', source);
  await client.pushed(uri, (params) => params.diagnostics.length > 0);
  const at = positionOf(source, email);
  const [fix] = await client.actions(uri, { start: at, end: at });
  assert.equal(fix?.kind, 'quickfix');
  assert.deepEqual(Object.keys(fix?.edit?.changes ?? {}), [uri]);
  const pulled = await client.connection.sendRequest<{ items: readonly Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } });
  assert.equal(pulled.items.length, 3, 'who asks all the same is answered');
  await client.stop();
});

test('a client that knows commands only gets pushes, plain hovers and commands', async () => {
  const client = await TestClient.start({ capabilities: { textDocument: { codeAction: {} } } });
  assert.equal(client.initialized.capabilities.diagnosticProvider, undefined);
  await client.open(uri, 'typescript', source);
  const { diagnostics, version } = await client.pushed(uri, (params) => params.diagnostics.length > 0);
  assert.equal(version, 1);
  assert.equal(diagnostics.length, 3);
  assert.equal(diagnostics[0]!.codeDescription, undefined);
  const hover = await client.connection.sendRequest<Hover>('textDocument/hover', { textDocument: { uri }, position: positionOf(source, '536') });
  assert.equal((hover.contents as { kind: string }).kind, 'plaintext');
  const at = positionOf(source, email);
  const [command] = (await client.actions(uri, { start: at, end: at })) as unknown as { command: string; arguments: unknown[] }[];
  let applied: { edit: { changes?: object } } | undefined;
  client.connection.onRequest('workspace/applyEdit', (params) => {
    applied = params as typeof applied;
    return { applied: true };
  });
  await client.connection.sendRequest('workspace/executeCommand', command);
  assert.deepEqual(Object.keys(applied!.edit.changes!), [uri]);
  await client.change(uri, 2, [{ text: '' }]);
  await client.pushed(uri, (params) => params.version === 2 && params.diagnostics.length === 0);
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  await client.stop();
});

test('a client without resolve gets finished edits', async () => {
  const { textDocument, ...rest } = fullClient;
  const client = await TestClient.start({ capabilities: { ...rest, textDocument: { ...textDocument!, codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } } } });
  await client.open(uri, 'typescript', source);
  const at = positionOf(source, email);
  const actions = await client.actions(uri, { start: at, end: at });
  assert.ok(actions.length > 4 && actions.every(({ edit }) => edit !== undefined));
  await client.stop();
});

test('settings count, change and are mended when wrong', async () => {
  let settings: unknown = { minConfidence: 'high', severity: { US_SSN: 'error', EMAIL_ADDRESS: 'hint' }, disabledEntities: [] };
  const client = await TestClient.start({ settings: () => settings });
  await client.open(uri, 'typescript', source);
  const severities = (found: readonly Diagnostic[]) => Object.fromEntries(found.map(({ code, severity }) => [code, severity]));
  assert.deepEqual(severities(await client.diagnostics(uri)), { EMAIL_ADDRESS: 4, US_SSN: 1 });
  settings = { disabledEntities: ['EMAIL_ADDRESS'] };
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await client.until(() => (client.refreshes > 0 ? true : undefined));
  assert.deepEqual((await client.diagnostics(uri)).map(({ code }) => code), ['US_SSN']);
  settings = { enable: false };
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await client.until(() => (client.refreshes > 1 ? true : undefined));
  assert.deepEqual(await client.diagnostics(uri), []);
  await client.stop();
});

suite('a workspace policy', () => {
  let folder: string;
  let root: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pii-gate-lsp-'));
    root = pathToFileURL(folder).href;
    await writeFile(join(folder, '.pii-gate.yaml'), `rules:\n  disable: [US_SSN]\n  custom:\n    - id: acme/customer\n      entity: ACME_CUSTOMER\n      title: Acme customer number\n      regex: 'AC-\\d{6}'\nallow:\n  - entity: EMAIL_ADDRESS\n    value: ${email}\n`);
  });
  after(() => rm(folder, { recursive: true }));
  const text = `${email} other@acme-shop.com SSN: 536-90-4399 AC-123456\n`;

  test('switches rules off, allows values and adds rules in a trusted workspace', async () => {
    const client = await TestClient.start({ folders: [root], initializationOptions: { trusted: true } });
    await client.open(`${root}/a.txt`, 'plaintext', text);
    assert.deepEqual((await client.diagnostics(`${root}/a.txt`)).map(({ code }) => code), ['EMAIL_ADDRESS', 'ACME_CUSTOMER']);
    await client.open('file:///elsewhere/a.txt', 'plaintext', text);
    assert.deepEqual((await client.diagnostics('file:///elsewhere/a.txt')).map(({ code }) => code), ['EMAIL_ADDRESS', 'EMAIL_ADDRESS', 'US_SSN']);
    await client.stop();
  });

  test('only adds in an untrusted one', async () => {
    const client = await TestClient.start({ folders: [root], initializationOptions: { trusted: false } });
    await client.open(`${root}/a.txt`, 'plaintext', text);
    assert.deepEqual((await client.diagnostics(`${root}/a.txt`)).map(({ code }) => code), ['EMAIL_ADDRESS', 'EMAIL_ADDRESS', 'US_SSN', 'ACME_CUSTOMER']);
    const actions = await client.actions(`${root}/a.txt`, { start: { line: 0, character: 2 }, end: { line: 0, character: 2 } });
    assert.ok(actions.every(({ title }) => !title.startsWith('Allow')));
    await client.stop();
  });

  test('"allow" extends the file, and the saved file counts', async () => {
    const client = await TestClient.start({ folders: [root] });
    const doc = `${root}/b.txt`;
    const policy = `${root}/.pii-gate.yaml`;
    await client.open(doc, 'plaintext', 'mail other@acme-shop.com\n');
    const at = { line: 0, character: 8 };
    const allow = (await client.actions(doc, { start: at, end: at })).find(({ title }) => title.startsWith('Allow'))!;
    const { edit } = await client.resolve(allow);
    const { readFile } = await import('node:fs/promises');
    const file = join(folder, '.pii-gate.yaml');
    const original = await readFile(file, 'utf8');
    await writeFile(file, applyEdit(original, policy, edit!));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: policy, type: 2 }] });
    await client.until(() => (client.refreshes > 0 ? true : undefined));
    assert.deepEqual(await client.diagnostics(doc), []);
    await writeFile(file, original);
    await client.stop();
  });

  test('its own problems, completion and hover show while it is edited', async () => {
    const client = await TestClient.start({ folders: [root] });
    const policy = `${root}/.pii-gate.yaml`;
    const broken = 'rules:\n  disble: [US_SSN]\n  disable: []\n';
    await client.open(policy, 'yaml', broken);
    const found = (await client.diagnostics(policy)).filter(({ code }) => code === 'POLICY');
    assert.equal(found.length, 1);
    assert.equal(found[0]!.range.start.line, 1);
    const hover = await client.connection.sendRequest<Hover>('textDocument/hover', { textDocument: { uri: policy }, position: { line: 2, character: 4 } });
    assert.match(JSON.stringify(hover), /switched off/);
    const complete = async (line: number, character: number) => (await client.connection.sendRequest<{ label: string }[]>('textDocument/completion', { textDocument: { uri: policy }, position: { line, character } })).map(({ label }) => label);
    await client.change(policy, 2, [{ text: 'rules:\n  \n' }]);
    assert.deepEqual((await complete(1, 2)).sort(), ['custom', 'disable', 'severity']);
    await client.change(policy, 3, [{ text: 'rules:\n  disable:\n    - \n' }]);
    assert.ok((await complete(2, 6)).includes('us/ssn'));
    await client.stop();
  });
});

test('nothing that the server sends or logs holds a value, whatever is asked', async () => {
  const canaries = ['canary.person@acme-shop.com', '536-90-4398', '4539148803436467'];
  const planted = `mail = "${canaries[0]}"  # and ${canaries[0]}\nssn = "${canaries[1]}"\ncard = ${canaries[2]}\n`;
  const client = await TestClient.start({ settings: () => ({ minConfidence: canaries[0], severity: { [canaries[0]!]: canaries[1] }, exclude: canaries[2] }) });
  const doc = 'file:///w/planted.py';
  await client.open(doc, 'python', planted);
  const found = await client.diagnostics(doc);
  assert.deepEqual(found.map(({ code }) => code), ['EMAIL_ADDRESS', 'EMAIL_ADDRESS', 'US_SSN', 'CREDIT_CARD']);
  for (const { range } of found) {
    await client.connection.sendRequest('textDocument/hover', { textDocument: { uri: doc }, position: range.start });
    for (const action of await client.actions(doc, range)) await client.resolve(action);
  }
  for (const action of await client.actions(doc, found[0]!.range, ['source'])) await client.resolve(action);
  await client.connection.sendRequest('piiGate/run', { runId: 'run-1', connectionId: 'none', statement: `SELECT '${canaries[2]}'` }).catch(() => {});
  await client.connection.sendRequest('textDocument/codeAction', { textDocument: canaries[0], range: null, context: null }).catch(() => {});
  await client.stop();
  const everything = [...client.received, ...client.stderr].join('');
  assert.ok(everything.includes('US social security number'));
  for (const canary of canaries) assert.ok(!everything.includes(canary), canary);
});

suite('a workspace scan', () => {
  let folder: string;
  let root: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pii-gate-scan-'));
    root = pathToFileURL(folder).href;
    await mkdir(join(folder, 'sub dir'));
    await writeFile(join(folder, '.gitignore'), 'ignored.txt\n');
    await writeFile(join(folder, 'ignored.txt'), email);
    await writeFile(join(folder, 'sub dir', 'a.ts'), source);
    await writeFile(join(folder, 'b.bin'), Buffer.from([0, 1, 2]));
    await writeFile(join(folder, 'clean.md'), '# Nothing\n');
  });
  after(() => rm(folder, { recursive: true }));

  test('finds what the editor finds, with LSP places and no value', async () => {
    const client = await TestClient.start({ folders: [root] });
    const result = await client.connection.sendRequest<ScanWorkspaceResult>('piiGate/workspace/scan', { folders: [root] });
    assert.deepEqual({ ...result, files: result.files.length }, { files: 1, scanned: 4, skipped: 1, cancelled: false });
    const [file] = result.files;
    assert.equal(file!.uri, `${root}/sub%20dir/a.ts`);
    await client.open(file!.uri, 'typescript', source);
    assert.deepEqual(
      file!.findings.map(({ entity, line, character, endLine, endCharacter }) => ({ code: entity, range: { start: { line, character }, end: { line: endLine, character: endCharacter } } })),
      (await client.diagnostics(file!.uri)).map(({ code, range }) => ({ code, range })),
    );
    assert.doesNotMatch(JSON.stringify(result), /jane\.doe|536-90/);
    await client.stop();
  });

  test('cancelled, it answers with what it has', async () => {
    const many = join(folder, 'many');
    await mkdir(many);
    await Promise.all(Array.from({ length: 3000 }, (_, index) => writeFile(join(many, `f${index}.txt`), `mail ${email}\n`.repeat(20))));
    const client = await TestClient.start({ folders: [root] });
    const source = new CancellationTokenSource();
    const pending = client.connection.sendRequest<ScanWorkspaceResult>('piiGate/workspace/scan', { folders: [root] }, source.token);
    source.cancel();
    const result = await pending;
    assert.equal(result.cancelled, true);
    assert.ok(result.scanned < 3000);
    await client.stop();
  });
});
