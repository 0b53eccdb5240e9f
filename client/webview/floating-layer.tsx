/** Menus and the reasons of a masked column. One at a time; Escape or a click elsewhere closes it. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { categoryText } from './category.ts';
import { Icon } from './icon.tsx';
import { t } from './l10n.ts';
import type { CopyFormat } from './messages.ts';
import type { Floating, PageStore } from './page-store.ts';
import type { ResultSession } from './result-session.ts';

interface Props { readonly store: PageStore; readonly session: ResultSession; readonly floating: Floating }
interface Entry { readonly label: string; readonly icon: string; readonly key?: string; readonly act: () => void }

export function FloatingLayer(props: Props) {
  const element = useRef<HTMLDivElement>(null);
  const { floating } = props;
  // Kept inside the page whatever its size.
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return;
    const { width, height } = box.getBoundingClientRect();
    box.style.left = `${Math.max(4, Math.min(floating.kind === 'copy-menu' ? floating.x - width : floating.x, innerWidth - width - 4))}px`;
    box.style.top = `${Math.max(4, Math.min(floating.y, innerHeight - height - 4))}px`;
  });
  // Before the next key arrives: it belongs to the menu.
  useLayoutEffect(() => { element.current?.querySelector<HTMLElement>('button')?.focus(); }, [floating]);
  return (
    <div class="floating" ref={element}>
      {floating.kind === 'reasons' ? <Reasons {...props} /> : <Menu entries={entriesOf(props)} store={props.store} session={props.session} />}
    </div>
  );
}

function entriesOf({ store, session, floating }: Props): readonly Entry[] {
  const copy = (label: string, format: CopyFormat, headers: boolean, key?: string): Entry =>
    ({ label, icon: 'copy', act: () => store.copy(format, headers), ...(key === undefined ? {} : { key }) });
  const copies = [
    copy(t('Copy'), 'tsv', false, 'Ctrl+C'), copy(t('Copy with headers'), 'tsv', true), copy(t('Copy as {0}', 'CSV'), 'csv', true, 'Ctrl+Shift+C'),
    copy(t('Copy as {0}', 'JSON'), 'json', true), copy(t('Copy as {0}', 'Markdown'), 'markdown', true), copy(t('Copy as {0}', 'INSERT'), 'insert', true),
  ];
  const column = session.result.columns[floating.column];
  const reveal: Entry[] = column?.masked === true && column.revealable && !column.revealed
    ? [{ label: t('Ask to reveal {0}…', column.name), icon: 'eye', act: () => store.reveal([floating.column]) }] : [];
  if (floating.kind === 'copy-menu') return copies;
  if (floating.kind === 'cell-menu') {
    const { head } = session.body.area;
    return [{ label: t('Show whole value'), icon: 'open-preview', key: 'Enter', act: () => store.view({ row: head.row, column: floating.column }) }, ...copies, ...reveal];
  }
  return [
    { label: t('Sort ascending'), icon: 'arrow-up', act: () => session.setView({ column: floating.column, direction: 'asc' }, session.filter) },
    { label: t('Sort descending'), icon: 'arrow-down', act: () => session.setView({ column: floating.column, direction: 'desc' }, session.filter) },
    ...(session.sort === undefined ? [] : [{ label: t('Do not sort'), icon: 'circle-slash', act: () => session.setView(undefined, session.filter) }]),
    { label: session.isPinned(floating.column) ? t('Unpin') : t('Pin to the left'), icon: 'pin', act: () => session.togglePin(floating.column) },
    { label: t('Fit width'), icon: 'fold', act: () => session.autoSize(floating.column) },
    ...reveal,
  ];
}

function Menu({ entries, store, session }: { readonly entries: readonly Entry[]; readonly store: PageStore; readonly session: ResultSession }) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || !(event.currentTarget instanceof Element)) return;
    event.preventDefault();
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  };
  return (
    <div class="menu" role="menu" tabIndex={-1} onKeyDown={onKeyDown}>
      {entries.map(({ label, icon, key, act }) => (
        <button key={label} type="button" role="menuitem" onClick={() => { store.float(undefined); act(); session.body.focus(); }}>
          <Icon name={icon} /><span>{label}</span>{key !== undefined && <kbd>{key}</kbd>}
        </button>
      ))}
    </div>
  );
}

function Reasons({ store, session, floating }: Props) {
  const column = session.result.columns[floating.column];
  if (column === undefined) return null;
  return (
    <div class="reasons" role="dialog" aria-label={t('Why {0} is masked', column.name)}>
      <h3><Icon name={column.revealed ? 'unlock' : 'lock'} />{column.name}</h3>
      <dl>
        {column.category !== undefined && <><dt>{t('Category')}</dt><dd title={column.category}>{categoryText(column.category)}</dd></>}
        {column.entity !== undefined && <><dt>{t('Entity')}</dt><dd><code>{column.entity}</code></dd></>}
        {column.origin !== undefined && <><dt>{t('Comes from')}</dt><dd><code>{[column.origin.schema, column.origin.table, column.origin.column].filter((part) => part !== undefined).join('.')}</code></dd></>}
      </dl>
      <ul>{column.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>
      {column.revealed ? <p class="quiet">{t('Revealed while your approval lives.')}</p>
        : column.revealable ? <button type="button" class="button" onClick={() => store.reveal([column.index])}><Icon name="eye" />{t('Ask to reveal')}</button>
          : <p class="quiet">{t('Nobody may reveal this column.')}</p>}
    </div>
  );
}
