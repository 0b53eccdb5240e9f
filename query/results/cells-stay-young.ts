import { setFlagsFromString } from 'node:v8';

/**
 * For processes that mask large results; called once, when they start. V8 watches where objects that outlive a collection
 * were made, and makes later ones of that place in its old generation at once. Rows that pass through in batches look like
 * that to it, whenever a collection falls into a batch: each cell is then collected the dear way, which made masking a
 * million rows 45 % slower (V8 13.6). Nothing but speed depends on it.
 */
export function letCellsStayYoung(): void { setFlagsFromString('--no-allocation-site-pretenuring'); }
