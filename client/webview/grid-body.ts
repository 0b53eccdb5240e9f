/**
 * The cells, drawn without a framework: a pool of row and cell elements is moved and refilled on scroll, so a frame costs
 * what the viewport shows whatever the result holds. ARIA grid pattern (WAI-ARIA APG "grid"), with a roving active cell.
 */
import type { ResultColumn } from '#core/wire/results.ts';
import { paintCell, unmarkCell } from './cell-painter.ts';
import { type ColumnLayout, isNumeric, layOut, naturalWidth, visibleColumns } from './column-layout.ts';
import { measureCharacter, measureRow } from './font-metrics.ts';
import { type GridEvents, type InputTarget, listenToInput } from './grid-input.ts';
import { type Area, inArea, type Place } from './place.ts';
import type { Row, RowWindow } from './row-window.ts';
import { createScrollMap, type ScrollMap } from './scroll-map.ts';

interface RowElement { readonly element: HTMLElement; readonly gutter: HTMLElement; readonly cells: HTMLElement[]; row: number; columns: string }

export class GridBody implements InputTarget {
  readonly element = document.createElement('div');
  readonly #sizer = document.createElement('div');
  readonly #layer = document.createElement('div');
  readonly #events: GridEvents;
  readonly #rows: RowWindow;
  readonly #pool: RowElement[] = [];
  #columns: readonly ResultColumn[] = [];
  #numeric: ReadonlySet<number> = new Set();
  #layout: ColumnLayout = { columns: [], width: 0, pinnedWidth: 0 };
  #total = 0;
  #map: ScrollMap = createScrollMap(0, 22, 0);
  #first = 0;
  #gutter = 48;
  #area: Area = { anchor: { row: 0, position: 0 }, head: { row: 0, position: 0 } };
  #frame = 0;
  #found: { readonly row: number; readonly index: number } | undefined;
  readonly rowHeight = measureRow();

  constructor(rows: RowWindow, events: GridEvents) {
    this.#rows = rows;
    this.#events = events;
    this.element.className = 'grid-body';
    this.element.style.setProperty('--row-height', `${this.rowHeight}px`);
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'grid');
    // The header is drawn apart, above what scrolls; for assistive technology it is the grid's first row.
    this.element.setAttribute('aria-owns', 'grid-header');
    this.#sizer.className = 'grid-sizer';
    this.#layer.className = 'grid-layer';
    this.#layer.setAttribute('role', 'rowgroup');
    this.element.append(this.#sizer, this.#layer);
    this.element.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.element.addEventListener('wheel', (event) => this.#onWheel(event), { passive: false });
    listenToInput(this, events);
    new ResizeObserver(() => this.#resize()).observe(this.element);
  }

  get area(): Area { return this.#area; }
  get layout(): ColumnLayout { return this.#layout; }
  get gutter(): number { return this.#gutter; }
  get total(): number { return this.#total; }

  /** New columns, widths, pins or row count; keeps the place unless `reset`. */
  set(columns: readonly ResultColumn[], total: number, widths: ReadonlyMap<number, number>, pins: ReadonlySet<number>, reset: boolean): void {
    this.#columns = columns;
    this.#numeric = new Set(columns.filter((column) => isNumeric(column, this.#sample())).map(({ index }) => index));
    this.#layout = layOut(columns, widths, pins);
    this.#total = total;
    this.#gutter = Math.max(40, String(total).length * 8 + 20);
    this.element.setAttribute('aria-rowcount', String(total + 1));
    this.element.setAttribute('aria-colcount', String(columns.length));
    if (reset) {
      this.element.scrollTop = 0;
      this.#first = 0;
      this.#area = { anchor: { row: 0, position: 0 }, head: { row: 0, position: 0 } };
    }
    for (const row of this.#pool) row.columns = '';
    this.#resize();
  }

  sampleWidths(known: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
    const sample = this.#sample();
    const characterWidth = measureCharacter();
    return new Map(this.#columns.map((column) => [column.index, known.get(column.index) ?? naturalWidth(column, sample, characterWidth)]));
  }

  /** Columns whose values are read from their right end. */
  get numeric(): ReadonlySet<number> { return this.#numeric; }

  #sample(): readonly (Row | undefined)[] {
    return Array.from({ length: Math.min(100, this.#total) }, (_, row) => this.#rows.row(row));
  }

  /** Rows arrived or masks changed: refill what is shown. */
  refill(): void {
    for (const row of this.#pool) row.row = -1;
    this.#schedule();
  }

  markFound(found: { readonly row: number; readonly index: number } | undefined): void {
    this.#found = found;
    if (found !== undefined) {
      const position = this.#layout.columns.findIndex(({ index }) => index === found.index);
      this.select({ row: found.row, position: Math.max(0, position) }, false);
    }
    this.refill();
  }

  select(place: Place, extend: boolean): void {
    const head = { row: clamp(place.row, 0, this.#total - 1), position: clamp(place.position, 0, this.#layout.columns.length - 1) };
    this.#area = { anchor: extend ? this.#area.anchor : head, head };
    this.#reveal(head);
    this.#events.onArea(this.#area);
    this.refill();
  }

  selectAll(): void {
    this.#area = { anchor: { row: 0, position: 0 }, head: { row: Math.max(0, this.#total - 1), position: Math.max(0, this.#layout.columns.length - 1) } };
    this.#events.onArea(this.#area);
    this.refill();
  }

  selectRow(row: number, extend: boolean): void {
    this.select({ row, position: 0 }, extend);
    this.#area = { anchor: { row: this.#area.anchor.row, position: 0 }, head: { row, position: this.last.position } };
    this.#events.onArea(this.#area);
    this.refill();
  }

  focus(): void { this.element.focus({ preventScroll: true }); }

  get last(): Place { return { row: this.#total - 1, position: this.#layout.columns.length - 1 }; }

  placeOf(event: MouseEvent): Place | undefined {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('.grid-cell, .grid-gutter') : null;
    const slot = this.#pool.find(({ element }) => target !== null && element.contains(target));
    if (slot === undefined || target === null) return undefined;
    return { row: slot.row, position: target.dataset.position === undefined ? -1 : Number(target.dataset.position) };
  }

  visibleRows(): number { return Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight)); }

  #resize(): void {
    this.#map = createScrollMap(this.#total, this.rowHeight, this.element.clientHeight);
    this.#sizer.style.height = `${this.#map.height}px`;
    this.#sizer.style.width = `${this.#layout.width + this.#gutter}px`;
    this.#schedule();
  }

  #onScroll(): void {
    // A scroll that this class made by rows keeps its exact row; any other is the scroll bar's.
    const top = this.element.scrollTop;
    if (Math.abs(this.#map.topOf(this.#first) - top) > 1) this.#first = this.#map.rowAt(top);
    this.#schedule();
  }

  /** When the height is capped a pixel of scroll is many rows: the wheel then moves rows itself. */
  #onWheel(event: WheelEvent): void {
    if (!this.#map.scaled || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 1 : event.deltaMode === 2 ? this.visibleRows() : 1 / this.rowHeight;
    this.#scrollTo(this.#first + event.deltaY * unit);
    if (event.deltaX !== 0) this.element.scrollLeft += event.deltaX;
  }

  #scrollTo(row: number): void {
    this.#first = clamp(row, 0, Math.max(0, this.#total - this.element.clientHeight / this.rowHeight));
    this.element.scrollTop = this.#map.topOf(this.#first);
    this.#schedule();
  }

  #reveal({ row, position }: Place): void {
    const rows = this.element.clientHeight / this.rowHeight;
    if (row < this.#first) this.#scrollTo(row);
    else if (row + 1 > this.#first + rows) this.#scrollTo(row + 1 - rows);
    const column = this.#layout.columns[position];
    if (column === undefined || column.pinned) return;
    const [left, right] = [column.left - this.#layout.pinnedWidth, column.left + column.width + this.#gutter];
    if (this.element.scrollLeft > left) this.element.scrollLeft = left;
    else if (this.element.scrollLeft + this.element.clientWidth < right) this.element.scrollLeft = right - this.element.clientWidth;
  }

  #schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => { this.#frame = 0; this.#draw(); });
  }

  #draw(): void {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.element;
    this.#events.onHorizontalScroll(scrollLeft);
    const from = Math.max(0, Math.floor(this.#first) - 2);
    const to = Math.min(this.#total, Math.ceil(this.#first + clientHeight / this.rowHeight) + 2);
    this.#rows.want(from, to, this.#total);
    const positions = visibleColumns(this.#layout, scrollLeft, clientWidth - this.#gutter);
    const columns = positions.join();
    const count = Math.max(0, to - from);
    while (this.#pool.length < count) this.#pool.push(this.#makeRow());
    // A row keeps its element while it stays visible, so only what came into view is refilled.
    const active = new Set<RowElement>();
    for (let row = from; row < to; row++) {
      const slot = this.#pool[row % this.#pool.length];
      if (slot === undefined) continue;
      active.add(slot);
      const top = scrollTop + (row - this.#first) * this.rowHeight;
      slot.element.style.transform = `translateY(${top}px)`;
      if (slot.row === row && slot.columns === columns) continue;
      this.#fill(slot, row, positions, columns);
    }
    for (const slot of this.#pool) if (active.has(slot)) slot.element.hidden = false; else this.#rest(slot);
  }

  /** Out of sight: nothing in it may still be found as active or selected. */
  #rest(slot: RowElement): void {
    if (slot.element.hidden) return;
    slot.element.hidden = true;
    slot.row = -1;
    for (const cell of slot.cells) unmarkCell(cell);
  }

  #makeRow(): RowElement {
    const element = document.createElement('div');
    element.className = 'grid-row';
    element.setAttribute('role', 'row');
    const gutter = document.createElement('div');
    gutter.className = 'grid-gutter';
    gutter.setAttribute('role', 'rowheader');
    element.append(gutter);
    this.#layer.append(element);
    return { element, gutter, cells: [], row: -1, columns: '' };
  }

  #fill(slot: RowElement, row: number, positions: readonly number[], columns: string): void {
    const cells = this.#rows.row(row);
    const sameColumns = slot.columns === columns;
    slot.element.style.height = `${this.rowHeight}px`;
    slot.element.style.width = `${this.#layout.width + this.#gutter}px`;
    slot.element.setAttribute('aria-rowindex', String(row + 2));
    slot.element.classList.toggle('odd', row % 2 === 1);
    slot.gutter.textContent = (row + 1).toLocaleString();
    slot.gutter.style.width = `${this.#gutter}px`;
    while (slot.cells.length < positions.length) {
      const cell = document.createElement('div');
      cell.setAttribute('role', 'gridcell');
      slot.element.append(cell);
      slot.cells.push(cell);
    }
    for (const [at, cell] of slot.cells.entries()) {
      const position = positions[at];
      const laid = position === undefined ? undefined : this.#layout.columns[position];
      cell.hidden = laid === undefined;
      if (laid === undefined || position === undefined) { unmarkCell(cell); continue; }
      if (!sameColumns) {
        cell.style.width = `${laid.width}px`;
        cell.style.left = laid.pinned ? `${this.#gutter + laid.left}px` : '';
        cell.style.transform = laid.pinned ? '' : `translateX(${this.#gutter + laid.left}px)`;
        cell.setAttribute('aria-colindex', String(laid.index + 1));
        cell.dataset.position = String(position);
      }
      this.#fillCell(cell, { row, position }, laid.index, laid.pinned, cells?.[laid.index]);
    }
    slot.row = row;
    slot.columns = columns;
  }

  #fillCell(cell: HTMLElement, place: Place, index: number, pinned: boolean, value: { readonly v: string | null; readonly m?: 1 } | undefined): void {
    const column = this.#columns[index];
    const { head } = this.#area;
    const active = head.row === place.row && head.position === place.position;
    paintCell(cell, value, {
      pinned, active, number: this.#numeric.has(index), selected: inArea(this.#area, place), found: this.#found?.row === place.row && this.#found.index === index,
      whole: column?.masked === true && !column.revealed,
    });
    if (active) this.element.setAttribute('aria-activedescendant', cell.id);
  }
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
