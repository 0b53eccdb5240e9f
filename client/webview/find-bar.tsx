/** Find in what is shown: Enter and Shift+Enter go from match to match, Escape closes. */
import { take } from './grid-keys.ts';
import { Icon } from './icon.tsx';
import { t } from './l10n.ts';
import type { PageStore } from './page-store.ts';

export function FindBar({ store, find }: { readonly store: PageStore; readonly find: NonNullable<PageStore['find']> }) {
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLInputElement }): void => {
    if (event.key === 'Enter') { take(event); store.findNext(event.shiftKey ? -1 : 1, event.currentTarget.value); }
    else if (event.key === 'Escape') { take(event); store.closeFind(); store.session?.body.focus(); }
  };
  return (
    <div class="find" role="search">
      <input id="find" type="text" defaultValue={find.text} placeholder={t('Find in what is shown')} aria-label={t('Find in what is shown')} spellcheck={false} onKeyDown={onKeyDown} />
      <span class="note-text" role="status" aria-live="polite">{find.note}</span>
      <button type="button" class="icon" title={t('Previous match ({0})', 'Shift+Enter')} aria-label={t('Previous match')} onClick={() => store.findNext(-1)}><Icon name="arrow-up" /></button>
      <button type="button" class="icon" title={t('Next match ({0})', 'Enter')} aria-label={t('Next match')} onClick={() => store.findNext(1)}><Icon name="arrow-down" /></button>
      <button type="button" class="icon" title={t('Close ({0})', 'Escape')} aria-label={t('Close find')} onClick={() => { store.closeFind(); store.session?.body.focus(); }}><Icon name="close" /></button>
    </div>
  );
}
