/** Cells of the grid as they are shown. */
export interface Place { readonly row: number; readonly position: number }

/** Both ends inclusive; `position` counts columns as shown. */
export interface Area { readonly anchor: Place; readonly head: Place }

export const inArea = ({ anchor, head }: Area, { row, position }: Place): boolean => between(row, anchor.row, head.row) && between(position, anchor.position, head.position);

const between = (value: number, a: number, b: number): boolean => value >= Math.min(a, b) && value <= Math.max(a, b);
