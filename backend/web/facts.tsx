import type { ComponentChildren, JSX } from 'preact';
import type { ApprovalRequest } from '#core/wire/approval.ts';
import type { SensitiveColumn } from '#core/wire/statement.ts';
import { byCategory, categoryName, columnList, count, destinationName, duration, environmentName } from './words.ts';

/** What the statement does and what would be allowed, as the parser and the request state it. */
export function Facts({ request }: { readonly request: ApprovalRequest }): JSX.Element {
  const { facts, scope, binding, verdict } = request;
  const categories = byCategory(facts.sensitive);
  const { connection } = binding;
  const others = facts.tables.filter((t) => !facts.sensitive.some((c) => c.table === t.name));
  return (
    <section class="card facts" aria-label="Facts">
      <h2>What it touches</h2>
      {categories.length === 0
        ? <p class="muted">No column that the inventory calls sensitive.</p>
        : (
          <ul class="categories">
            {categories.map(({ category, columns }) => (
              <li key={category}><span class="category">{categoryName(category)}</span><span class="chips">{columns.map((c) => <Chip key={`${c.table}.${c.column}.${c.use}`} column={c} clear={scope.columns} />)}</span></li>
            ))}
          </ul>
        )}
      <dl>
        <Fact name="In clear">{scope.columns.length === 0 ? 'Nothing: sensitive values stay masked' : columnList(scope.columns, 8)}</Fact>
        <Fact name="Rows">{rows(request)}</Fact>
        <Fact name="Goes to">{destinationName(scope.destination)}</Fact>
        <Fact name="Use">{scope.use === 'once' ? `Once, within ${duration(scope.durationMs)}` : `Any number of times for ${duration(scope.durationMs)}`}</Fact>
        <Fact name="Connection">{connection.id} <span class="muted">({environmentName[connection.environment]}{connection.databaseUser === '' ? '' : `, as ${connection.databaseUser}`})</span></Fact>
        {others.length > 0 && <Fact name="Other tables">{others.map((t) => t.name).join(', ')}</Fact>}
        {!facts.readOnly && <Fact name="Writes"><strong class="danger-text">{facts.kind.toUpperCase()}</strong> {facts.tables.filter((t) => t.access === 'write').map((t) => t.name).join(', ')}</Fact>}
        {facts.star && <Fact name="Star">Selects every column, also ones added later</Fact>}
        {facts.exports && <Fact name="Export"><strong class="danger-text">The statement itself writes data out of the database</strong></Fact>}
        {verdict.maskColumns.length > 0 && <Fact name="Always masked">{columnList(verdict.maskColumns, 8)} <span class="muted">(by policy)</span></Fact>}
      </dl>
    </section>
  );
}

function Chip({ column, clear }: { readonly column: SensitiveColumn; readonly clear: ApprovalRequest['scope']['columns'] }): JSX.Element {
  const inClear = clear.some((c) => c.table === column.table && c.column === column.column);
  const how = column.use === 'filter' ? 'only filters by it' : column.use === 'write' ? 'is written' : inClear ? 'shown in clear' : 'shown masked';
  return <span class={`chip use-${column.use}${inClear ? ' clear' : ''}`} title={`${column.entity}: ${how}`}><code>{column.table}.{column.column}</code><span class="chip-note">{how}</span></span>;
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): JSX.Element {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function rows({ facts, scope, verdict }: ApprovalRequest): string {
  const caps = [scope.maxRows, verdict.maxRows, facts.limit].filter((n) => n !== undefined);
  const cap = caps.length === 0 ? undefined : Math.min(...caps);
  const estimate = facts.estimatedRows === undefined ? '' : `≈ ${count(facts.estimatedRows, 'row')} read`;
  const limit = cap === undefined ? 'No cap' : `At most ${count(cap, 'row')}`;
  return estimate === '' ? limit : `${limit}, ${estimate}`;
}
