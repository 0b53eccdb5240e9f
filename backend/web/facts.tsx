import type { ComponentChildren, JSX } from 'preact';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { SensitiveColumn } from '#core/wire/statement.ts';
import { t } from './text/text.ts';
import { byCategory, categoryName, columnList, destinationName, duration } from './words.ts';

/** What the statement does and what would be allowed, as the parser and the request state it. */
export function Facts({ request }: { readonly request: ApprovalRequest }): JSX.Element {
  const { facts, scope, binding, verdict } = request;
  const categories = byCategory(facts.sensitive);
  const { connection } = binding;
  const others = facts.tables.filter((table) => !facts.sensitive.some((c) => c.table === table.name));
  return (
    <section class="card facts" aria-label={t.facts.label}>
      <h2>{t.facts.title}</h2>
      {categories.length === 0
        ? <p class="muted">{t.facts.none}</p>
        : (
          <ul class="categories">
            {categories.map(({ category, columns }) => (
              <li key={category}><span class="category">{categoryName(category)}</span><span class="chips">{columns.map((c) => <Chip key={`${c.table}.${c.column}.${c.use}`} column={c} clear={scope.columns} />)}</span></li>
            ))}
          </ul>
        )}
      <dl>
        <Fact name={t.facts.clear}>{scope.columns.length === 0 ? t.facts.noneClear : columnList(scope.columns, 8)}</Fact>
        <Fact name={t.facts.rows}>{rows(request)}</Fact>
        <Fact name={t.facts.goesTo}>{destinationName(scope.destination)}</Fact>
        <Fact name={t.facts.use}>{scope.use === 'once' ? t.facts.once(duration(scope.durationMs)) : t.facts.window(duration(scope.durationMs))}</Fact>
        <Fact name={t.facts.connection}>{connection.id} <span class="muted">({t.environment[connection.environment]}{connection.databaseUser === '' ? '' : t.facts.as(connection.databaseUser)})</span></Fact>
        {others.length > 0 && <Fact name={t.facts.otherTables}>{others.map((table) => table.name).join(', ')}</Fact>}
        {!facts.readOnly && <Fact name={t.facts.writes}><strong class="danger-text">{facts.kind.toUpperCase()}</strong> {facts.tables.filter((table) => table.access === 'write').map((table) => table.name).join(', ')}</Fact>}
        {facts.star && <Fact name={t.facts.star}>{t.facts.starWhat}</Fact>}
        {facts.exports && <Fact name={t.facts.export}><strong class="danger-text">{t.facts.exportWhat}</strong></Fact>}
        {verdict.maskColumns.length > 0 && <Fact name={t.facts.alwaysMasked}>{columnList(verdict.maskColumns, 8)} <span class="muted">{t.facts.byPolicy}</span></Fact>}
      </dl>
    </section>
  );
}

function Chip({ column, clear }: { readonly column: SensitiveColumn; readonly clear: ApprovalRequest['scope']['columns'] }): JSX.Element {
  const inClear = clear.some((c) => c.table === column.table && c.column === column.column);
  const how = column.use === 'filter' ? t.facts.filters : column.use === 'write' ? t.facts.written : inClear ? t.facts.inClear : t.facts.masked;
  return <span class={`chip use-${column.use}${inClear ? ' clear' : ''}`} title={`${column.entity}: ${how}`}><code>{column.table}.{column.column}</code><span class="chip-note">{how}</span></span>;
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function rows({ facts, scope, verdict }: ApprovalRequest): string {
  const caps = [scope.maxRows, verdict.maxRows, facts.limit].filter((n) => n !== undefined);
  const cap = caps.length === 0 ? undefined : Math.min(...caps);
  const estimate = facts.estimatedRows === undefined ? '' : t.facts.read(t.nouns.row(facts.estimatedRows));
  const limit = cap === undefined ? t.facts.noCap : t.facts.atMost(t.nouns.row(cap));
  return estimate === '' ? limit : `${limit}, ${estimate}`;
}
