/** Mouse and keys of the grid: what they select, open and move. */
import { moveOf, take } from './grid-keys.ts';
import { type Area, inArea, type Place } from './place.ts';

export interface GridEvents {
  onArea(area: Area): void;
  onOpenCell(place: Place): void;
  onMenu(place: Place, at: { readonly x: number; readonly y: number }): void;
  /** Keys that the grid does not use itself. */
  onKey(event: KeyboardEvent): void;
  onHorizontalScroll(left: number): void;
}

/** What input acts on. */
export interface InputTarget {
  readonly element: HTMLElement;
  readonly area: Area;
  readonly last: Place;
  visibleRows(): number;
  /** The cell under the pointer; its position is -1 on the row's number. */
  placeOf(event: MouseEvent): Place | undefined;
  select(place: Place, extend: boolean): void;
  selectRow(row: number, extend: boolean): void;
  selectAll(): void;
}

export function listenToInput(target: InputTarget, events: Pick<GridEvents, 'onOpenCell' | 'onMenu' | 'onKey'>): void {
  const { element } = target;
  let dragging = false;
  element.addEventListener('mousedown', (event) => {
    const place = target.placeOf(event);
    if (place === undefined || event.button !== 0) return;
    if (place.position === -1) { target.selectRow(place.row, event.shiftKey); return; }
    dragging = true;
    target.select(place, event.shiftKey);
  });
  element.addEventListener('mousemove', (event) => {
    const place = dragging ? target.placeOf(event) : undefined;
    if (place !== undefined && place.position >= 0) target.select(place, true);
  });
  addEventListener('mouseup', () => { dragging = false; });
  element.addEventListener('dblclick', (event) => {
    const place = target.placeOf(event);
    if (place !== undefined && place.position >= 0) events.onOpenCell(place);
  });
  element.addEventListener('contextmenu', (event) => {
    const place = target.placeOf(event);
    event.preventDefault();
    if (place === undefined || place.position < 0) return;
    if (!inArea(target.area, place)) target.select(place, false);
    events.onMenu(place, { x: event.clientX, y: event.clientY });
  });
  element.addEventListener('keydown', (event) => {
    const { head } = target.area;
    const move = moveOf(event, head, target.visibleRows() - 1, target.last);
    if (move !== undefined) {
      take(event);
      target.select(move, event.shiftKey);
    } else if (event.key === 'Enter') {
      take(event);
      events.onOpenCell(head);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') {
      take(event);
      target.selectAll();
    } else if ((event.shiftKey && event.key === 'F10') || event.key === 'ContextMenu') {
      take(event);
      const box = document.getElementById('active-cell')?.getBoundingClientRect();
      events.onMenu(head, { x: box?.left ?? 20, y: box?.bottom ?? 20 });
    } else events.onKey(event);
  });
}
