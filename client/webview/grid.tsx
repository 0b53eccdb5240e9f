/** The Results page: tabs, the grid, and a designed state for everything that is not a grid. */
import { render } from 'preact';
import './grid.css';
import { App } from './app.tsx';
import { createHost } from './host.ts';
import type { FromPage, ToPage } from './messages.ts';
import { PageStore } from './page-store.ts';

const host = createHost<FromPage>();
const store = new PageStore(host);
const root = document.getElementById('root');

addEventListener('message', ({ data }: MessageEvent<ToPage>) => store.accept(data));
if (root !== null) {
  const draw = (): void => render(<App store={store} />, root);
  store.onChange(draw);
  draw();
}
host.post({ type: 'ready' });
