/** The request page: who wants what, where, why; and, for a reviewer, the decision. */
import { render } from 'preact';
import './review.css';
import { createHost } from './host.ts';
import type { FromReview, ToReview } from './review-messages.ts';
import { ReviewPage } from './review-page.tsx';

const host = createHost<FromReview>();
const root = document.getElementById('root');
addEventListener('message', ({ data }: MessageEvent<ToReview>) => {
  if (root !== null && data.type === 'request') render(<ReviewPage message={data} post={(message) => host.post(message)} />, root);
});
host.post({ type: 'ready' });
