import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { PresidioServer } from './presidio-server.ts';
import { TestClient, words } from './client.ts';

const uri = 'file:///w/ticket.md';
const text = '😀 The parcel went to qwentil marvow in the end.\nMail jane.doe@acme-shop.com, says qwentil marvow.\n';

suite('Presidio Analyzer beside the engine', () => {
  let presidio: PresidioServer;
  let client: TestClient;
  let presidioSettings: Record<string, unknown>;
  before(async () => {
    presidio = await PresidioServer.start(['qwentil marvow', 'jane.doe']);
    presidioSettings = { enable: true, url: presidio.url, timeoutMs: 500 };
    client = await TestClient.start({ settings: () => ({ providers: { presidio: presidioSettings } }) });
  });
  after(async () => {
    await client.stop();
    await presidio.stop();
  });

  const refreshed = async (ask: () => Promise<void>): Promise<void> => {
    const had = client.refreshes;
    await ask();
    await client.until(() => (client.refreshes > had ? true : undefined));
  };
  const found = async (): Promise<string[]> => (await client.diagnostics(uri)).map(({ code, range }) => `${code} ${range.start.line}:${range.start.character}-${range.end.character}`);

  test('the engine answers at once, the analyzer\'s findings follow', async () => {
    await client.open(uri, 'markdown', text);
    await refreshed(async () => assert.deepEqual(await found(), ['EMAIL_ADDRESS 1:5-27']));
    assert.deepEqual(await found(), ['PERSON 0:22-36', 'EMAIL_ADDRESS 1:5-27', 'PERSON 1:34-48']);
    assert.deepEqual(presidio.requests.map(({ entities }) => entities), [['PERSON', 'LOCATION', 'NRP']]);
    const hover = await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 25 } });
    assert.match(JSON.stringify(hover), /Presidio Analyzer recognised it/);
    assert.doesNotMatch(JSON.stringify(hover), /qwentil/);
  });

  test('while people type, what it said of other places stays', async () => {
    await client.change(uri, 2, [{ range: { start: { line: 0, character: 3 }, end: { line: 0, character: 6 } }, text: 'A large' }]);
    await refreshed(async () => assert.deepEqual(await found(), ['PERSON 0:26-40', 'EMAIL_ADDRESS 1:5-27', 'PERSON 1:34-48']));
    assert.equal(presidio.requests.length, 2);
  });

  test('when it fails, that is said, once, and the engine\'s findings stay', async () => {
    presidio.mode = 'error';
    await client.change(uri, 3, [{ text }]);
    await refreshed(async () => void (await found()));
    const diagnostics = await client.diagnostics(uri);
    assert.deepEqual(diagnostics.map(({ code }) => code), ['SCAN_LIMIT', 'EMAIL_ADDRESS']);
    assert.match(words(diagnostics[0]!), /Presidio Analyzer .* answered 500/);
    assert.doesNotMatch(JSON.stringify(diagnostics), /qwentil|parcel/);
  });

  test('switched off, nothing is sent', async () => {
    presidioSettings = { enable: false, url: presidio.url };
    const before = presidio.requests.length;
    await refreshed(() => client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null }));
    assert.deepEqual(await found(), ['EMAIL_ADDRESS 1:5-27']);
    assert.equal(presidio.requests.length, before);
  });
});
