/** The frame: tabs and tools above, one state or the grid in the middle, facts below. */
import { useEffect } from 'preact/hooks';
import { CellViewer } from './cell-viewer.tsx';
import { FindBar } from './find-bar.tsx';
import { FloatingLayer } from './floating-layer.tsx';
import { Footer } from './footer.tsx';
import type { PageStore } from './page-store.ts';
import { ResultGrid } from './result-grid.tsx';
import { EmptyPage, RunStatePage, SideNote } from './states.tsx';
import { TabStrip } from './tab-strip.tsx';

export function App({ store }: { readonly store: PageStore }) {
  useEffect(() => {
    const closeFloating = (event: MouseEvent): void => {
      if (store.floating !== undefined && !(event.target instanceof Element && event.target.closest('.floating, [data-opens]') !== null)) store.float(undefined);
    };
    const onEscape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || (store.floating === undefined && store.viewer === undefined)) return;
      store.float(undefined);
      store.view(undefined);
      store.session?.body.focus();
    };
    addEventListener('mousedown', closeFloating);
    addEventListener('keydown', onEscape);
    return () => { removeEventListener('mousedown', closeFloating); removeEventListener('keydown', onEscape); };
  }, [store]);

  const { tab, session } = store;
  if (tab === undefined) return <EmptyPage />;
  const showsGrid = session !== undefined && (tab.run.state === 'done' || tab.run.state === 'rows');
  return (
    <div class={`page env-${tab.connection.environment}`}>
      <TabStrip store={store} session={showsGrid ? session : undefined} />
      {tab.side.map((side) => <SideNote key={side.runId} side={side} store={store} />)}
      {showsGrid ? <ResultGrid key={tab.runId} store={store} session={session} /> : <RunStatePage tab={tab} store={store} />}
      <Footer tab={tab} session={showsGrid ? session : undefined} notice={store.notice} />
      {session !== undefined && store.find !== undefined && <FindBar store={store} find={store.find} />}
      {session !== undefined && store.viewer !== undefined && <CellViewer store={store} session={session} place={store.viewer} />}
      {session !== undefined && store.floating !== undefined && <FloatingLayer store={store} session={session} floating={store.floating} />}
    </div>
  );
}
