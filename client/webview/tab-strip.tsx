/** Result tabs on the left, what can be done with the shown one on the right. */
import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { t } from './l10n.ts';
import type { Tab } from './messages.ts';
import type { PageStore } from './page-store.ts';
import type { ResultSession } from './result-session.ts';

/** The filter is sent this many milliseconds after the last key. */
const filterDelay = 150;

export function TabStrip({ store, session }: { readonly store: PageStore; readonly session: ResultSession | undefined }) {
  return (
    <div class="top">
      <div class="tabs" role="tablist" aria-label={t('Results')}>
        {store.tabs.map((tab) => <TabButton key={tab.runId} tab={tab} store={store} />)}
      </div>
      {session !== undefined && session.result.columns.length > 0 && <Tools store={store} session={session} />}
    </div>
  );
}

function TabButton({ tab, store }: { readonly tab: Tab; readonly store: PageStore }) {
  const selected = tab.runId === store.active;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (event.key === 'Delete') store.post({ type: 'close', runId: tab.runId });
    if (step === 0) return;
    const index = store.tabs.indexOf(tab);
    const next = store.tabs[(index + step + store.tabs.length) % store.tabs.length];
    if (next !== undefined) store.post({ type: 'select', runId: next.runId });
    const strip = event.currentTarget instanceof Element ? event.currentTarget.closest('[role=tablist]') : null;
    strip?.querySelectorAll<HTMLElement>('[role=tab]')[(index + step + store.tabs.length) % store.tabs.length]?.focus();
  };
  return (
    <div class={`tab env-${tab.connection.environment}${selected ? ' selected' : ''}`} role="presentation">
      <button
        type="button" role="tab" aria-selected={selected} tabIndex={selected ? 0 : -1} title={`${tab.title} · ${tab.connection.name}`}
        onClick={() => store.post({ type: 'select', runId: tab.runId })} onKeyDown={onKeyDown}
        onDblClick={() => store.post({ type: 'show-statement', runId: tab.runId })}
        onAuxClick={(event) => { if (event.button === 1) store.post({ type: 'close', runId: tab.runId }); }}
      >
        <span class="dot" aria-hidden="true" /><StateIcon tab={tab} /><span class="tab-title">{tab.title}</span>
      </button>
      <button type="button" class="icon" tabIndex={-1} aria-pressed={tab.pinned} title={tab.pinned ? t('Unpin') : t('Keep this result')} aria-label={tab.pinned ? t('Unpin') : t('Keep this result')} onClick={() => store.post({ type: 'pin', runId: tab.runId })}>
        <Icon name={tab.pinned ? 'pinned' : 'pin'} />
      </button>
      <button type="button" class="icon" tabIndex={-1} title={t('Close')} aria-label={t('Close {0}', tab.title)} onClick={() => store.post({ type: 'close', runId: tab.runId })}><Icon name="close" /></button>
    </div>
  );
}

function StateIcon({ tab }: { readonly tab: Tab }) {
  switch (tab.run.state) {
    case 'running': return <Icon name="loading" spin />;
    case 'rows': return <Icon name="loading" spin />;
    case 'pending': case 'needs-approval': return <Icon name="clock" />;
    case 'blocked': return <Icon name="lock" />;
    case 'failed': return <Icon name="error" />;
    case 'cancelled': return <Icon name="circle-slash" />;
    case 'done': return null;
  }
}

function Tools({ store, session }: { readonly store: PageStore; readonly session: ResultSession }) {
  const [text, setText] = useState(session.filter);
  useEffect(() => setText(session.filter), [session]);
  useEffect(() => {
    if (text === session.filter) return undefined;
    const timer = setTimeout(() => session.setView(session.sort, text), filterDelay);
    return () => clearTimeout(timer);
  }, [text, session]);
  const openMenu = (event: MouseEvent): void => {
    const box = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : undefined;
    store.float(store.floating?.kind === 'copy-menu' ? undefined : { kind: 'copy-menu', x: box?.right ?? 0, y: (box?.bottom ?? 0) + 2, column: 0 });
  };
  return (
    <div class="tools" role="toolbar" aria-label={t('Result')}>
      <label class="filter">
        <Icon name="filter" />
        <input id="filter" type="text" value={text} placeholder={t('Filter what is shown')} aria-label={t('Filter what is shown')} spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => { if (event.key === 'Escape') { setText(''); session.body.focus(); } else if (event.key === 'Enter' || event.key === 'ArrowDown') session.body.focus(); }} />
        {text !== '' && <button type="button" class="icon" aria-label={t('Clear filter')} onClick={() => setText('')}><Icon name="close" /></button>}
      </label>
      <button type="button" class="icon" title={t('Find ({0})', 'Ctrl+F')} aria-label={t('Find')} onClick={() => store.openFind()}><Icon name="search" /></button>
      <button type="button" class="icon" data-opens title={t('Copy ({0})', 'Ctrl+C')} aria-label={t('Copy')} aria-haspopup="menu" onClick={openMenu}><Icon name="copy" /></button>
      <button type="button" class="icon" title={t('Export…')} aria-label={t('Export')} onClick={() => { if (store.active !== undefined) store.post({ type: 'export', runId: store.active }); }}><Icon name="export" /></button>
      <button type="button" class="icon" title={t('Run again')} aria-label={t('Run again')} onClick={() => { if (store.active !== undefined) store.post({ type: 'again', runId: store.active }); }}><Icon name="refresh" /></button>
    </div>
  );
}
