/** What the page knows: tabs as the extension told them, one session a result, and what floats above the grid. */
import type { ResultSummary } from '#core/wire/results.ts';
import { counted, t } from './l10n.ts';
import type { GridEvents } from './grid-input.ts';
import type { Place } from './place.ts';
import { take } from './grid-keys.ts';
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
  /** The find bar, while it is open; `resume`: the row where a search that found nothing so far would go on. */
  find: { readonly text: string; readonly note: string; readonly resume?: number } | undefined;
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
      case 'found': this.#acceptFound(message); break;
      case 'copied': this.say(counted(message.rows, 'Copied {0} row as shown', 'Copied {0} rows as shown')); break;
      case 'command': this.openFind(); break;
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

  openFind(): void {
    if (this.session === undefined) return;
    this.find ??= { text: '', note: '' };
    this.changed();
    queueMicrotask(() => document.querySelector<HTMLInputElement>('#find')?.select());
  }

  closeFind(): void {
    if (this.find === undefined) return;
    this.find = undefined;
    this.session?.body.markFound(undefined);
    this.changed();
  }

  /** From the active cell on; a new text begins at the active cell itself. */
  findNext(step: 1 | -1, text = this.find?.text ?? ''): void {
    const { session, find } = this;
    if (session === undefined || find === undefined) return;
    const again = text === find.text;
    this.find = { text, note: text === '' ? '' : t('Looking…') };
    if (text !== '') {
      const { row, position } = session.body.area.head;
      const column = session.body.layout.columns[position]?.index ?? 0;
      const from = find.resume !== undefined && again ? { row: find.resume, column: step === 1 ? -1 : Number.MAX_SAFE_INTEGER } : { row, column: again ? column : column - step };
      this.post({ type: 'find', resultId: session.result.resultId, text, from, step, total: session.total });
    }
    this.changed();
  }

  #acceptFound({ resultId, row, column, scanned, next }: Extract<ToPage, { type: 'found' }>): void {
    const { session, find } = this;
    if (session === undefined || find === undefined || session.result.resultId !== resultId) return;
    if (row !== undefined && column !== undefined) {
      session.body.markFound({ row, index: column });
      this.find = { text: find.text, note: t('Row {0}', (row + 1).toLocaleString()) };
    } else {
      const whole = scanned >= session.total;
      this.find = { text: find.text, note: whole ? t('Not found') : t('Not in {0} rows. Search on?', scanned.toLocaleString()), ...(whole ? {} : { resume: next }) };
    }
  }

  #of(resultId: string): ResultSession | undefined {
    return [...this.#sessions.values()].find(({ result }) => result.resultId === resultId);
  }

  #acceptTabs(tabs: readonly Tab[], active: string | undefined): void {
    this.tabs = tabs;
    if (this.active !== active) { this.floating = undefined; this.viewer = undefined; this.find = undefined; this.notice = ''; }
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
        if (command && key === 'c') { take(event); this.copy(event.shiftKey ? 'csv' : 'tsv', event.shiftKey); }
        else if (command && key === 'f') { take(event); this.openFind(); }
        else if (event.key === 'F3') { take(event); this.findNext(event.shiftKey ? -1 : 1); }
        else if (event.key === 'Escape') { this.float(undefined); this.view(undefined); this.closeFind(); }
      },
    };
  }
}
