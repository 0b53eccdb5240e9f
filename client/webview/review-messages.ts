/** What the request page and the extension say to each other. */
import type { ApprovalRequest, Constraints, NewComment, RequestContext } from '#core/wire/approval.ts';

export interface ToReview {
  readonly type: 'request';
  readonly request: ApprovalRequest;
  /** `reader`: may see it, and has nothing to decide. */
  readonly role: 'reviewer' | 'after-reviewer' | 'requester' | 'reader';
  /** True when the request left the list: it is shown as it was. */
  readonly gone: boolean;
  /** What this reviewer decided here. */
  readonly decided?: 'approve' | 'deny' | 'request_changes';
  readonly context?: RequestContext;
  /** Why the last thing asked for was not done. */
  readonly problem?: string;
}

export type FromReview =
  | { readonly type: 'ready' | 'cancel' | 'resubmit' }
  /** `also`: identical requests that the same decision settles. */
  | { readonly type: 'decide'; readonly decision: 'approve' | 'deny' | 'request_changes'; readonly comment: string; readonly constraints?: Constraints; readonly also: readonly string[] }
  | { readonly type: 'after-review'; readonly justified: boolean; readonly comment: string }
  | { readonly type: 'revoke'; readonly comment: string }
  | { readonly type: 'comment'; readonly comment: NewComment }
  /** Opens the native diff editor: against the last approved statement, or what this one said before. */
  | { readonly type: 'compare'; readonly with: 'approved' | 'before' };
