/** Broken glass: it went ahead, so the inbox asks for a look afterwards. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sampleRequest } from '#backend/testing/sample.ts';
import { startInbox } from './running-inbox.ts';

const policy = `version: 1
rules:
  - id: reviewed
    when: "true"
    effect: review
    approvers: [data-steward]
    break_glass: {who: [dba], max_duration: 10m, reviewers: [security]}
`;
const inbox = await startInbox({ width: 1280, height: 860 }, {
  policy: { text: policy }, people: [{ id: 'devon', name: 'Devon', roles: ['dba'] }, { id: 'sid', name: 'Sid', roles: ['security'] }],
});
after(() => inbox.stop());

test('the one who must look sees it, and what they found stays with the request', async () => {
  const broken = await inbox.backend.call('devon', 'POST', '/v1/requests', sampleRequest({ changes: { breakGlass: true, reason: 'Payments are down' } }));
  assert.equal(broken.body.state, 'approved');
  const page = await inbox.signedIn('sid');
  await page.locator(`[data-request="${broken.body.id}"]`).click();
  await page.getByText('Glass was broken:').waitFor();
  await page.getByTestId('justified').click();
  await page.getByRole('alert').filter({ hasText: 'Say what you found' }).waitFor();
  await page.getByTestId('comment').fill('The incident was real, INC-7');
  await page.getByTestId('justified').click();
  await page.getByText('Sid found it justified: The incident was real, INC-7').waitFor();
  const seen = await inbox.backend.call('devon', 'GET', `/v1/requests/${broken.body.id}`);
  assert.equal(seen.body.afterReview?.done?.by.id, 'sid');
  assert.deepEqual(inbox.complaints, []);
});
