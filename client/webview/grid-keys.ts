/** Keys of the grid (WAI-ARIA APG "grid"): where they lead, and that they stay here. */
import type { Place } from './place.ts';

/** The cell that a key leads to, which may lie outside; undefined for keys that move nothing. `page`: rows of one page. */
export function moveOf({ key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>, { row, position }: Place, page: number, last: Place): Place | undefined {
  if (altKey) return undefined;
  const far = ctrlKey || metaKey;
  switch (key) {
    case 'ArrowDown': return { row: far ? last.row : row + 1, position };
    case 'ArrowUp': return { row: far ? 0 : row - 1, position };
    case 'ArrowRight': return { row, position: far ? last.position : position + 1 };
    case 'ArrowLeft': return { row, position: far ? 0 : position - 1 };
    case 'PageDown': return { row: row + page, position };
    case 'PageUp': return { row: row - page, position };
    case 'Home': return { row: far ? 0 : row, position: 0 };
    case 'End': return { row: far ? last.row : row, position: last.position };
    default: return undefined;
  }
}

/** A key that was used here must not reach the editor's own keybindings: VS Code forwards what bubbles out of a webview. */
export function take(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
