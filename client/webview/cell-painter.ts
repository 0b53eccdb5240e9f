/** How one cell looks: number, NULL, not yet there, masked whole or in part, selected, active, found. */
import type { Cell } from '#core/wire/results.ts';
import { t } from './l10n.ts';

export interface CellLook {
  readonly pinned: boolean;
  readonly number: boolean;
  readonly selected: boolean;
  /** The one that keys move. */
  readonly active: boolean;
  readonly found: boolean;
  /** The column is masked: the cell looks the same whatever it hides. */
  readonly whole: boolean;
}

/** UTF-16 units drawn; the viewer shows the rest. */
const textMost = 300;

/** `value` is undefined while its page is under way. */
export function paintCell(cell: HTMLElement, value: Cell | undefined, look: CellLook): void {
  const { pinned, number, selected, active, found, whole } = look;
  const flags: readonly (readonly [boolean, string])[] = [
    [pinned, 'pinned'], [number, 'number'], [selected, 'selected'], [active, 'active'], [found, 'found'], [value === undefined, 'loading'], [value?.v === null, 'null'],
  ];
  cell.className = ['grid-cell', ...flags.flatMap(([is, name]) => is ? [name] : [])].join(' ');
  cell.setAttribute('aria-selected', String(selected));
  if (active) cell.id = 'active-cell'; else if (cell.id !== '') cell.removeAttribute('id');
  const text = value === undefined ? '' : value.v ?? 'NULL';
  const shown = text.length > textMost ? `${text.slice(0, textMost)}…` : text;
  if (value?.m !== 1) {
    cell.textContent = shown;
    cell.removeAttribute('aria-label');
    return;
  }
  const chip = document.createElement('span');
  chip.className = whole ? 'chip whole' : 'chip';
  chip.textContent = shown;
  cell.replaceChildren(chip);
  cell.setAttribute('aria-label', t('{0}, masked', shown));
}

/** A cell that is not shown is neither active nor selected. */
export function unmarkCell(cell: HTMLElement): void {
  cell.removeAttribute('id');
  cell.setAttribute('aria-selected', 'false');
}
