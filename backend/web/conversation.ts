/** What was said about a request: threads at lines of its statement, and everything else in the order it happened. Pure. */
import type { ApprovalRequest, Decision, PastRevision, RequestComment } from '#core/wire/approval.ts';

export interface Thread { readonly first: RequestComment; readonly answers: readonly RequestComment[] }

export type Entry =
  | { readonly kind: 'asked'; readonly at: number }
  /** `void`: the statement or the reason was another one then, so it counts for nothing. */
  | { readonly kind: 'decided'; readonly at: number; readonly decision: Decision; readonly void: boolean }
  /** `quote`: the lines as they were, when the thread stands at lines that are no longer there. */
  | { readonly kind: 'thread'; readonly at: number; readonly thread: Thread; readonly quote?: string }
  /** `number` counts versions of the statement from 1; this is when version `number + 1` came. */
  | { readonly kind: 'revised'; readonly at: number; readonly number: number; readonly before: PastRevision };

export function threadsOf({ comments = [] }: ApprovalRequest): readonly Thread[] {
  const answers = grouped(comments.filter((c) => c.replyTo !== undefined), (c) => c.replyTo);
  return comments.filter((c) => c.replyTo === undefined).map((first) => ({ first, answers: answers.get(first.id) ?? [] }));
}

/** Threads on the statement as it is now, by the line they stand under (the last one they are about). */
export function threadsByLine(request: ApprovalRequest): ReadonlyMap<number, readonly Thread[]> {
  const here = threadsOf(request).filter(({ first }) => first.line !== undefined && isCurrent(first, request));
  return grouped(here, ({ first }) => first.end ?? first.line ?? 1);
}

/** Oldest first. Threads at lines of the present statement are not in it: they stand there. */
export function entriesOf(request: ApprovalRequest): readonly Entry[] {
  const counts = firstThatCounts(request.decisions);
  const entries: Entry[] = [
    { kind: 'asked', at: request.createdAt },
    ...request.decisions.map((decision, i): Entry => ({ kind: 'decided', at: decision.at, decision, void: i < counts && decision.decision === 'approve' })),
    ...(request.revisions ?? []).map((before, i): Entry => ({ kind: 'revised', at: before.at, number: i + 1, before })),
    ...threadsOf(request).filter(({ first }) => first.line === undefined || !isCurrent(first, request)).map((thread): Entry => {
      const quote = linesOf(request, thread.first);
      return { kind: 'thread', at: thread.first.at, thread, ...(quote === undefined ? {} : { quote }) };
    }),
  ];
  return entries.sort((a, b) => a.at - b.at);
}

/** Index of the first decision of the present round: a wish for changes ends a round. */
export function firstThatCounts(decisions: readonly Decision[]): number {
  return decisions.findLastIndex((d) => d.decision === 'request_changes') + 1;
}

function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function isCurrent({ revision }: RequestComment, { revisions = [] }: ApprovalRequest): boolean {
  return revision === revisions.length;
}

function linesOf({ preview, revisions = [] }: ApprovalRequest, { line, end = line, revision }: RequestComment): string | undefined {
  if (line === undefined) return undefined;
  const text = revisions[revision]?.preview ?? preview;
  return text.split(/\r\n|\r|\n/).slice(line - 1, end).join('\n');
}
