/** One value in full: JSON laid out, long text wrapped. It shows what the cell shows, masks included. */
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { t } from './l10n.ts';
import type { PageStore } from './page-store.ts';
import type { ResultSession } from './result-session.ts';

export function CellViewer({ store, session, place }: { readonly store: PageStore; readonly session: ResultSession; readonly place: { readonly row: number; readonly column: number } }) {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), [place]);
  const column = session.result.columns[place.column];
  const cell = session.rows.row(place.row)?.[place.column];
  if (column === undefined) return null;
  const text = cell?.v ?? '';
  const json = layOutJson(text);
  return (
    <div class="viewer" role="dialog" aria-label={t('Value of {0}, row {1}', column.name, place.row + 1)}>
      <header>
        {cell?.m === 1 && <Icon name="lock" />}<strong>{column.name}</strong><span class="quiet">{t('row {0}', (place.row + 1).toLocaleString())}{column.databaseType === '' ? '' : ` · ${column.databaseType}`}{json === undefined ? '' : ' · JSON'}</span>
        <button type="button" class="icon" ref={close} aria-label={t('Close')} title={t('Close ({0})', 'Escape')} onClick={() => { store.view(undefined); session.body.focus(); }}><Icon name="close" /></button>
      </header>
      {cell === undefined ? <p class="quiet">{t('Not loaded.')}</p> : cell.v === null ? <p class="null">NULL</p> : <pre>{json ?? text}</pre>}
    </div>
  );
}

/** Undefined when the text is no JSON object or array. */
function layOutJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}
