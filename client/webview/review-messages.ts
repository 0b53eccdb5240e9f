/** What the request page and the extension say to each other. */
import type { ApprovalRequest, Constraints } from '#core/wire/approval.ts';

export interface ToReview {
  readonly type: 'request';
  readonly request: ApprovalRequest;
  readonly role: 'reviewer' | 'requester';
  /** True when nothing can be decided any more. */
  readonly over: boolean;
  /** What this reviewer decided here. */
  readonly decided?: 'approve' | 'deny' | 'request_changes';
}

export type FromReview =
  | { readonly type: 'ready' | 'cancel' }
  | { readonly type: 'decide'; readonly decision: 'approve' | 'deny' | 'request_changes'; readonly comment: string; readonly constraints?: Constraints };
