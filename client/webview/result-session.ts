/** One result as the page holds it: its window of rows, its drawing, and what the user made of it (sort, filter, widths, pins). */
import type { ResultColumn, ResultPage, ResultSummary } from '#core/wire/results.ts';
import { GridBody } from './grid-body.ts';
import type { GridEvents } from './grid-input.ts';
import type { FromPage, Selection, Sort } from './messages.ts';
import type { Area } from './place.ts';
import { RowWindow } from './row-window.ts';

/** What is kept of a query's columns, by name, so that running it again looks the same. */
export interface ColumnMemory { readonly widths: Readonly<Record<string, number>>; readonly pins: readonly string[] }

export interface SessionDependencies {
  post(message: FromPage): void;
  readonly memory: ColumnMemory;
  remember(memory: ColumnMemory): void;
  /** Something that the frame around the grid shows has changed. */
  changed(): void;
  readonly events: Omit<GridEvents, 'onArea' | 'onHorizontalScroll'>;
}

export class ResultSession {
  readonly rows: RowWindow;
  readonly body: GridBody;
  readonly #deps: SessionDependencies;
  #result: ResultSummary;
  #generation = 0;
  #viewRows: number | undefined;
  #widths: ReadonlyMap<number, number>;
  #chosen: Map<number, number>;
  #pins: Set<number>;
  #sampled = false;
  sort: Sort | undefined;
  filter = '';
  area: Area | undefined;
  scrollLeft = 0;
  failure: string | undefined;

  constructor(result: ResultSummary, deps: SessionDependencies) {
    this.#deps = deps;
    this.#result = result;
    this.rows = new RowWindow((offset, count) => deps.post({ type: 'page', generation: this.#generation, resultId: this.#result.resultId, offset, count }));
    this.body = new GridBody(this.rows, {
      ...deps.events,
      onArea: (area) => { this.area = area; deps.changed(); },
      onHorizontalScroll: (left) => { if (left !== this.scrollLeft) { this.scrollLeft = left; deps.changed(); } },
    });
    this.#chosen = new Map(result.columns.flatMap(({ name, index }) => { const width = deps.memory.widths[name]; return width === undefined ? [] : [[index, width]]; }));
    this.#pins = new Set(result.columns.filter(({ name }) => deps.memory.pins.includes(name)).map(({ index }) => index));
    this.#widths = this.body.sampleWidths(this.#chosen);
    this.#lay(true);
  }

  get result(): ResultSummary { return this.#result; }
  get total(): number { return this.#viewRows ?? this.#result.rows; }
  get filtered(): boolean { return this.#viewRows !== undefined && this.filter !== ''; }
  isPinned(index: number): boolean { return this.#pins.has(index); }

  update(result: ResultSummary): void {
    const before = this.#result;
    if (before === result) return;
    this.#result = result;
    if (before.resultId !== result.resultId || masks(before.columns) !== masks(result.columns)) {
      this.#generation++;
      this.rows.clear();
      this.#sampled = false;
      this.#lay(before.resultId !== result.resultId);
      return;
    }
    if (before.rows === result.rows) return;
    this.rows.grew(before.rows);
    // Rows that arrive while a sort or filter is on belong somewhere else than at the end.
    if (this.sort !== undefined || this.filter !== '') this.#askView();
    else this.#lay(false);
  }

  accept(generation: number, page: ResultPage): void {
    if (generation !== this.#generation) return;
    this.failure = undefined;
    this.rows.accept(page.offset, page.rows, this.total);
    if (!this.#sampled && page.rows.length > 0) {
      this.#sampled = true;
      this.#measure(true);
    }
    this.body.refill();
  }

  fail(generation: number, offset: number, message: string): void {
    if (generation !== this.#generation) return;
    this.rows.fail(offset);
    this.failure = message;
    this.#deps.changed();
  }

  acceptView(generation: number, rows: number): void {
    if (generation !== this.#generation) return;
    this.#viewRows = rows;
    this.rows.clear();
    this.#lay(true);
    this.#deps.changed();
  }

  setView(sort: Sort | undefined, filter: string): void {
    this.sort = sort;
    this.filter = filter;
    this.#askView();
    this.#deps.changed();
  }

  resize(index: number, width: number): void {
    this.#chosen.set(index, width);
    this.#keep();
  }

  autoSize(index: number): void {
    this.#chosen.delete(index);
    this.#keep();
  }

  togglePin(index: number): void {
    if (!this.#pins.delete(index)) this.#pins.add(index);
    this.#keep();
  }

  /** What a copy takes: the selected area, at least one cell. */
  selection(): Selection {
    const { anchor, head } = this.area ?? this.body.area;
    const [left, right] = [Math.min(anchor.position, head.position), Math.max(anchor.position, head.position)];
    return {
      from: Math.min(anchor.row, head.row), to: Math.max(anchor.row, head.row) + 1,
      columns: this.body.layout.columns.slice(left, right + 1).map(({ index }) => index),
    };
  }

  #askView(): void {
    this.#generation++;
    this.#deps.post({
      type: 'view', generation: this.#generation, resultId: this.#result.resultId,
      ...(this.sort === undefined ? {} : { sort: this.sort }), ...(this.filter === '' ? {} : { filter: this.filter }),
    });
  }

  #keep(): void {
    const name = (index: number): string => this.#result.columns[index]?.name ?? '';
    this.#deps.remember({ widths: Object.fromEntries([...this.#chosen].map(([index, width]) => [name(index), width])), pins: [...this.#pins].map(name) });
    this.#measure(false);
  }

  #lay(reset: boolean): void {
    this.body.set(this.#result.columns, this.total, this.#widths, this.#pins, reset);
    this.#deps.changed();
  }

  /** `grow`: columns do not shrink while somebody looks at them. */
  #measure(grow: boolean): void {
    const measured = this.body.sampleWidths(this.#chosen);
    this.#widths = new Map([...measured].map(([index, width]) => [index, grow && !this.#chosen.has(index) ? Math.max(width, this.#widths.get(index) ?? 0) : width]));
    this.#lay(false);
  }
}

const masks = (columns: readonly ResultColumn[]): string => columns.map(({ masked, revealed, name }) => `${name}:${masked}:${revealed}`).join();
