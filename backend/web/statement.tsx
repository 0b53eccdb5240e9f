import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { SensitiveColumn } from '#core/wire/statement.ts';
import { type DiffLine, diffLines } from './diff.ts';
import { Icon } from './icons.tsx';
import { sqlLines, type SqlToken } from './sql-tokens.ts';
import { categoryName, count } from './words.ts';

interface StatementProps {
  /** The statement with personal literals masked: all that a reviewer gets to see. */
  readonly preview: string;
  readonly redactions: number;
  readonly sensitive: readonly SensitiveColumn[];
  /** The last approved statement, to compare with. */
  readonly before: { readonly preview: string; readonly by: string; readonly when: string } | undefined;
}

/** More lines than this are folded until asked for. */
const FOLD_AT = 40;

export function Statement({ preview, redactions, sensitive, before }: StatementProps): JSX.Element {
  const lines = useMemo(() => sqlLines(preview), [preview]);
  const marked = useMemo(() => byColumnName(sensitive), [sensitive]);
  const [unfolded, setUnfolded] = useState(lines.length <= FOLD_AT);
  const [copied, setCopied] = useState(false);
  const [comparing, setComparing] = useState(false);
  const changes = useMemo(() => (comparing && before !== undefined ? diffLines(before.preview, preview) : undefined), [comparing, before, preview]);
  const shown = unfolded ? lines : lines.slice(0, FOLD_AT);
  return (
    <figure class="statement">
      <figcaption>
        <span>Statement</span>
        <span class="muted">
          {marked.size > 0 && <mark class="sensitive">{count(marked.size, 'sensitive column')}</mark>}
          {redactions > 0 && <span> {count(redactions, 'personal value')} masked</span>}
        </span>
        {before !== undefined && (before.preview === preview
          ? <span class="same-as-before"><Icon name="check" />As approved by {before.by} {before.when}</span>
          : <button type="button" class="quiet small" aria-pressed={comparing} onClick={() => setComparing(!comparing)}>{comparing ? 'Show the statement' : `Compare with the one approved ${before.when}`}</button>)}
        <button type="button" class="quiet small" onClick={() => { void navigator.clipboard.writeText(preview).then(() => setCopied(true), () => {}); }}>
          <Icon name={copied ? 'check' : 'copy'} />{copied ? 'Copied' : 'Copy'}
        </button>
      </figcaption>
      <pre class={changes === undefined ? '' : 'diff'}><code>
        {changes !== undefined ? changes.map((line, i) => <Changed key={i} line={line} marked={marked} />) : shown.map((tokens, i) => <span key={i} class="line">{tokens.map((token, j) => <Token key={j} token={token} marked={marked} />)}{'\n'}</span>)}
      </code></pre>
      {!unfolded && changes === undefined && <button type="button" class="quiet unfold" onClick={() => setUnfolded(true)}>Show all {lines.length} lines</button>}
    </figure>
  );
}

function Token({ token, marked }: { readonly token: SqlToken; readonly marked: ReadonlyMap<string, SensitiveColumn> }): JSX.Element {
  const column = token.name === undefined ? undefined : marked.get(token.name.toLowerCase());
  if (column !== undefined) return <mark class="sensitive" title={`${column.table}.${column.column}: ${categoryName(column.category)}`}>{token.text}</mark>;
  return <span class={`sql-${token.kind}`}>{token.text}</span>;
}

/** Changes are told by a sign and by the words for a screen reader, not by colour alone. */
function Changed({ line, marked }: { readonly line: DiffLine; readonly marked: ReadonlyMap<string, SensitiveColumn> }): JSX.Element {
  const name = { same: '', added: 'added: ', removed: 'removed: ' }[line.kind];
  return <span class={`line ${line.kind}`}>{name !== '' && <span class="visually-hidden">{name}</span>}{(sqlLines(line.text)[0] ?? []).map((token, j) => <Token key={j} token={token} marked={marked} />)}{'\n'}</span>;
}

function byColumnName(sensitive: readonly SensitiveColumn[]): ReadonlyMap<string, SensitiveColumn> {
  return new Map(sensitive.map((column) => [column.column.toLowerCase(), column]));
}
