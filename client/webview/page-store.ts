/** What the page knows: tabs as the extension told them, one session a result, and what floats above the grid. */
import type { ResultSummary } from '#core/wire/results.ts';
import type { GridEvents, Place } from './grid-body.ts';
import type { Host } from './host.ts';
import type { CopyFormat, FromPage, Tab, ToPage } from './messages.ts';
import { type ColumnMemory, ResultSession } from './result-session.ts';

export interface Floating {
  readonly kind: 'cell-menu' | 'column-menu' | 'reasons' | 'copy-menu';
  readonly x: number;
  readonly y: number;
  readonly column: number;
}

/** Queries whose columns are remembered, oldest forgotten first. */
const memoriesKept = 50;

export class PageStore {
  tabs: readonly Tab[] = [];
  active: string | undefined;
  floating: Floating | undefined;
  /** The cell that the viewer shows. */
  viewer: { readonly row: number; readonly column: number } | undefined;
  /** Said once to screen readers and shown for a moment in the footer. */
  notice = '';
  readonly #host: Host<FromPage>;
  readonly #sessions = new Map<string, ResultSession>();
  readonly #memories: Map<string, ColumnMemory>;
  #listener: () => void = () => {};
  #scheduled = false;

  constructor(host: Host<FromPage>) {
    this.#host = host;
    const state = host.getState();
    const held = typeof state === 'object' && state !== null && 'columns' in state ? state.columns : undefined;
    this.#memories = new Map(Array.isArray(held) ? held as [string, ColumnMemory][] : []);
  }

  onChange(listener: () => void): void { this.#listener = listener; }
  post(message: FromPage): void { this.#host.post(message); }
  get tab(): Tab | undefined { return this.tabs.find(({ runId }) => runId === this.active); }
  get session(): ResultSession | undefined { return this.active === undefined ? undefined : this.#sessions.get(this.active); }

  accept(message: ToPage): void {
    switch (message.type) {
      case 'tabs': this.#acceptTabs(message.tabs, message.active); break;
      case 'page': this.#of(message.page.resultId)?.accept(message.generation, message.page); break;
      case 'page-failed': this.#of(message.resultId)?.fail(message.generation, message.offset, message.message); break;
      case 'view': this.#of(message.resultId)?.acceptView(message.generation, message.rows); break;
      case 'copied': this.say(message.rows === 1 ? 'Copied 1 row as shown' : `Copied ${message.rows.toLocaleString()} rows as shown`); break;
      case 'command': document.querySelector<HTMLInputElement>('#filter')?.focus(); break;
    }
    this.changed();
  }

  /** Several changes in one task are drawn once. */
  changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => { this.#scheduled = false; this.#listener(); });
  }

  float(floating: Floating | undefined): void { this.floating = floating; this.changed(); }
  say(text: string): void { this.notice = text; this.changed(); }
  view(viewer: PageStore['viewer']): void { this.viewer = viewer; this.changed(); }

  copy(format: CopyFormat, headers: boolean): void {
    const { session } = this;
    if (session !== undefined) this.post({ type: 'copy', resultId: session.result.resultId, format, selection: session.selection(), headers });
  }

  reveal(columns: readonly number[]): void {
    if (this.active !== undefined) this.post({ type: 'reveal', runId: this.active, columns });
    this.float(undefined);
  }

  #of(resultId: string): ResultSession | undefined {
    return [...this.#sessions.values()].find(({ result }) => result.resultId === resultId);
  }

  #acceptTabs(tabs: readonly Tab[], active: string | undefined): void {
    this.tabs = tabs;
    if (this.active !== active) { this.floating = undefined; this.viewer = undefined; this.notice = ''; }
    this.active = active;
    for (const { runId, run, title } of tabs) {
      const result = run.state === 'done' || run.state === 'rows' ? run.result : undefined;
      if (result === undefined) { if (run.state === 'running') this.#sessions.delete(runId); continue; }
      const session = this.#sessions.get(runId);
      if (session === undefined) this.#sessions.set(runId, this.#open(title, result));
      else session.update(result);
    }
    for (const runId of this.#sessions.keys()) if (!tabs.some((tab) => tab.runId === runId)) this.#sessions.delete(runId);
  }

  #open(title: string, result: ResultSummary): ResultSession {
    const key = `${title}|${result.columns.map(({ name }) => name).join()}`;
    return new ResultSession(result, {
      post: (message) => this.post(message),
      changed: () => this.changed(),
      memory: this.#memories.get(key) ?? { widths: {}, pins: [] },
      remember: (memory) => {
        this.#memories.delete(key);
        this.#memories.set(key, memory);
        for (const oldest of this.#memories.keys()) { if (this.#memories.size <= memoriesKept) break; this.#memories.delete(oldest); }
        this.#host.setState({ columns: [...this.#memories] });
      },
      events: this.#events(),
    });
  }

  #events(): Omit<GridEvents, 'onArea' | 'onHorizontalScroll'> {
    const indexAt = ({ position }: Place): number => this.session?.body.layout.columns[position]?.index ?? 0;
    return {
      onOpenCell: (place) => this.view({ row: place.row, column: indexAt(place) }),
      onMenu: (place, { x, y }) => this.float({ kind: 'cell-menu', x, y, column: indexAt(place) }),
      onKey: (event) => {
        const command = event.ctrlKey || event.metaKey;
        const key = event.key.toLowerCase();
        if (command && key === 'c') { event.preventDefault(); this.copy(event.shiftKey ? 'csv' : 'tsv', event.shiftKey); }
        else if (command && key === 'f') { event.preventDefault(); document.querySelector<HTMLInputElement>('#filter')?.select(); }
        else if (event.key === 'Escape') { this.float(undefined); this.view(undefined); }
      },
    };
  }
}
