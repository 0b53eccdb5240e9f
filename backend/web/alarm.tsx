import type { JSX } from 'preact';
import type { Me } from './api.ts';
import { Icon } from './icons.tsx';
import { type InboxState, lookDueAt, standing } from './inbox-state.ts';
import { dueText } from './words.ts';

/** Glass was broken and this reader is one of those who must look at it: said on every page until somebody has. */
export function Alarm({ state, me, now, onShow }: { readonly state: InboxState; readonly me: Me; readonly now: number; readonly onShow: (id: string) => void }): JSX.Element | null {
  const waiting = [...state.requests.values()].filter((r) => standing(r, me) === 'after-review').sort((a, b) => a.createdAt - b.createdAt);
  const [oldest] = waiting;
  if (oldest === undefined) return null;
  const overdue = lookDueAt(oldest) <= now;
  const who = `${oldest.requester.name} on ${oldest.binding.connection.id}`;
  return (
    <aside class={overdue ? 'alarm overdue' : 'alarm'} aria-label="Emergency access">
      <Icon name="warning" />
      <p><strong>{waiting.length === 1 ? `Emergency access by ${who}.` : `${waiting.length} emergency accesses, the oldest by ${who}.`}</strong> A look at it is {dueText(lookDueAt(oldest), now)}.</p>
      <button type="button" class="small" data-testid="alarm" onClick={() => onShow(oldest.id)}>Look at it</button>
    </aside>
  );
}
