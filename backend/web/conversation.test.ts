import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalRequest, RequestComment } from '#core/wire/approval.ts';
import { entriesOf, threadsByLine } from './conversation.ts';

const sam = { id: 'sam', name: 'Sam', roles: [] };
const comment = (id: string, at: number, changes: Partial<RequestComment> = {}): RequestComment => ({ id, by: sam, at, text: id, revision: 0, ...changes });
const request = {
  createdAt: 1, preview: 'select id\nfrom t', revisions: [{ preview: 'select *\nfrom t', reason: 'r', at: 6 }],
  decisions: [{ by: sam, decision: 'approve', comment: '', at: 2 }, { by: sam, decision: 'request_changes', comment: 'no star', at: 5 }, { by: sam, decision: 'approve', comment: '', at: 9 }],
  comments: [comment('old', 3, { line: 1 }), comment('answer', 4, { line: 1, replyTo: 'old' }), comment('whole', 7), comment('new', 8, { line: 1, end: 2, revision: 1 })],
} as unknown as ApprovalRequest;

test('in the order it happened; an approval before the change counts no more; a line of the old statement is quoted', () => {
  const shown = entriesOf(request).map((e) => {
    switch (e.kind) {
      case 'decided': return `${e.decision.decision}${e.void ? ' void' : ''}`;
      case 'thread': return `${e.thread.first.id} +${e.thread.answers.length}${e.quote === undefined ? '' : ` on "${e.quote}"`}`;
      default: return e.kind;
    }
  });
  assert.deepEqual(shown, ['asked', 'approve void', 'old +1 on "select *"', 'request_changes', 'revised', 'whole +0', 'approve']);
});
test('threads of the present statement stand under their last line', () => {
  assert.deepEqual([...threadsByLine(request)].map(([line, threads]) => [line, threads.map((t) => t.first.id)]), [[2, ['new']]]);
});
