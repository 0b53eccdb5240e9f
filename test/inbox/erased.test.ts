/** What retention has erased is said to be erased, not shown as empty. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sampleRequest } from '#backend/testing/sample.ts';
import { startInbox } from './running-inbox.ts';

const inbox = await startInbox({ width: 1280, height: 860 }, { keepRequestsMs: 1, sweepMs: 100 });
after(() => inbox.stop());

test('the page says when it was erased, and what the trail keeps is a digest', async () => {
  const { id } = (await inbox.backend.call('dana', 'POST', '/v1/requests', sampleRequest({ changes: { reason: 'Words that go' } }))).body;
  await inbox.backend.call('sam', 'POST', `/v1/requests/${id}/decisions`, { decision: 'deny', comment: 'Also these' });
  const look = async (): Promise<number | undefined> => (await inbox.backend.call('aria', 'GET', `/v1/requests/${id}`)).body.erasedAt;
  while ((await look()) === undefined) { /* the sweep comes by every 100 ms */ }
  const page = await inbox.signedIn('aria');
  await page.goto(`${inbox.backend.url}/#/r/${id}`);
  await page.getByText(/^Erased on/).waitFor();
  assert.equal(await page.getByRole('figure', { name: 'Statement' }).count(), 0);
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByLabel('What').selectOption('request.denied');
  await page.locator('.records summary').filter({ hasText: 'request.denied' }).click();
  await page.getByText('kept with the request, here as its digest').waitFor();
  assert.deepEqual(inbox.complaints, []);
});
