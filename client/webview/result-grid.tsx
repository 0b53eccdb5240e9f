/** Header and body of the shown result. The header is drawn here, the cells by `GridBody`. */
import { useEffect, useRef } from 'preact/hooks';
import type { ResultColumn } from '#core/wire/results.ts';
import { Icon } from './icon.tsx';
import { counted, t } from './l10n.ts';
import { type LaidColumn, narrowest } from './column-layout.ts';
import type { PageStore } from './page-store.ts';
import type { ResultSession } from './result-session.ts';

export function ResultGrid({ store, session }: { readonly store: PageStore; readonly session: ResultSession }) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    session.body.element.setAttribute('aria-label', t('Result with {0} columns', session.result.columns.length));
    holder.current?.append(session.body.element);
    session.body.refill();
    return () => session.body.element.remove();
  }, [session]);

  const { result, body } = session;
  if (result.columns.length === 0) {
    return <div class="state"><Icon name="pass" /><h2>{t('Done')}</h2><p>{result.affected !== undefined ? counted(result.affected, '{0} row changed.', '{0} rows changed.') : result.rows === 0 ? t('The statement ran. It returns no rows.') : t('The statement ran: {0} rows.', result.rows.toLocaleString())}</p></div>;
  }
  return (
    <div class="grid">
      <div class="grid-header" id="grid-header" role="row" aria-rowindex={1}>
        <div class="grid-corner" style={{ width: `${body.gutter}px` }}>
          <button type="button" class="icon" title={t('Select all ({0})', 'Ctrl+A')} aria-label={t('Select all')} onClick={() => { body.selectAll(); body.focus(); }}><Icon name="selection" /></button>
        </div>
        <div class="grid-header-cells">
          {body.layout.columns.map((laid) => {
            const column = result.columns[laid.index];
            const left = laid.pinned ? laid.left : laid.left - session.scrollLeft;
            // Far headers are not drawn: a result may have a thousand columns.
            const hidden = !laid.pinned && (left + laid.width < body.layout.pinnedWidth || left > window.innerWidth);
            return column === undefined || hidden ? null : <HeaderCell key={laid.index} store={store} session={session} column={column} laid={laid} left={left} />;
          })}
        </div>
      </div>
      <div class="grid-holder" ref={holder} />
      {session.total === 0 && result.complete && (
        <div class="state over"><Icon name={session.filtered ? 'filter' : 'inbox'} /><h2>{session.filtered ? t('No row matches the filter') : t('No rows')}</h2>
          {session.filtered && <button type="button" class="button secondary" onClick={() => session.setView(session.sort, '')}>{t('Clear filter')}</button>}</div>
      )}
    </div>
  );
}

function HeaderCell({ store, session, column, laid, left }: { readonly store: PageStore; readonly session: ResultSession; readonly column: ResultColumn; readonly laid: LaidColumn; readonly left: number }) {
  const sort = session.sort?.column === column.index ? session.sort.direction : undefined;
  const cycle = (): void => session.setView(sort === undefined ? { column: column.index, direction: 'asc' } : sort === 'asc' ? { column: column.index, direction: 'desc' } : undefined, session.filter);
  const at = (event: Event, kind: 'reasons' | 'column-menu'): void => {
    const box = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : undefined;
    store.float({ kind, column: column.index, x: box?.left ?? 0, y: (box?.bottom ?? 0) + 2 });
  };
  const onDrag = (event: PointerEvent): void => {
    const handle = event.currentTarget;
    if (!(handle instanceof HTMLElement)) return;
    event.preventDefault();
    event.stopPropagation();
    handle.setPointerCapture(event.pointerId);
    const start = event.clientX;
    const move = (moved: PointerEvent): void => session.resize(column.index, Math.max(narrowest, laid.width + moved.clientX - start));
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', move), { once: true });
  };
  const origin = column.origin === undefined ? '' : `${column.origin.table}.${column.origin.column}`;
  return (
    <div class={`grid-head${laid.pinned ? ' pinned' : ''}${session.body.numeric.has(column.index) ? ' number' : ''}`} role="columnheader" aria-colindex={column.index + 1} aria-sort={sort === 'asc' ? 'ascending' : sort === 'desc' ? 'descending' : 'none'}
      style={{ width: `${laid.width}px`, transform: `translateX(${left}px)` }} onContextMenu={(event) => { event.preventDefault(); at(event, 'column-menu'); }}>
      <button type="button" class="head-name" title={[column.name, column.databaseType, origin].filter((part) => part !== '').join(' · ')} onClick={cycle}
        onKeyDown={(event) => { if (event.key === 'F10' && event.shiftKey) { event.preventDefault(); at(event, 'column-menu'); } }}>
        <span>{column.name}</span>{sort !== undefined && <Icon name={sort === 'asc' ? 'arrow-up' : 'arrow-down'} />}
      </button>
      {laid.pinned && <Icon name="pinned" />}
      {(column.masked || column.revealed) && (
        <button type="button" class={`icon lock${column.revealed ? ' revealed' : ''}`} data-opens aria-haspopup="dialog"
          aria-label={column.revealed ? t('{0} is revealed. Why?', column.name) : t('{0} is masked. Why?', column.name)} title={column.reasons.join('\n')} onClick={(event) => at(event, 'reasons')}>
          <Icon name={column.revealed ? 'unlock' : 'lock'} />
        </button>
      )}
      <div class="resize" aria-hidden="true" onPointerDown={onDrag} onDblClick={() => session.autoSize(column.index)} />
    </div>
  );
}
