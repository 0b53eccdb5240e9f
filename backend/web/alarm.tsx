import type { JSX } from 'preact';
import type { Me } from './api.ts';
import { Icon } from './icons.tsx';
import { type InboxState, lookDueAt, standing } from './inbox-state.ts';
import { t } from './text/text.ts';
import { dueText } from './words.ts';

/** Glass was broken and this reader is one of those who must look at it: said on every page until somebody has. */
export function Alarm({ state, me, now, onShow }: { readonly state: InboxState; readonly me: Me; readonly now: number; readonly onShow: (id: string) => void }): JSX.Element | null {
  const waiting = [...state.requests.values()].filter((r) => standing(r, me) === 'after-review').sort((a, b) => a.createdAt - b.createdAt);
  const [oldest] = waiting;
  if (oldest === undefined) return null;
  const overdue = lookDueAt(oldest) <= now;
  const [who, where] = [oldest.requester.name, oldest.binding.connection.id];
  return (
    <aside class={overdue ? 'alarm overdue' : 'alarm'} aria-label={t.alarm.label}>
      <Icon name="warning" />
      <p><strong>{waiting.length === 1 ? t.alarm.one(who, where) : t.alarm.many(waiting.length, who, where)}</strong> {t.alarm.due(dueText(lookDueAt(oldest), now))}</p>
      <button type="button" class="small" data-testid="alarm" onClick={() => onShow(oldest.id)}>{t.alarm.look}</button>
    </aside>
  );
}
