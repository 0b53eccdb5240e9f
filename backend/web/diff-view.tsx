import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { diffLines, type DiffLine, foldUnchanged, markRewritten } from './diff.ts';
import { sqlLines } from './sql-tokens.ts';
import { type Marked, Tokens } from './sql-view.tsx';
import { t } from './text/text.ts';

/** Changes are told by a sign and by words for a screen reader, not by colour alone. */
export function Diff({ before, after, marked }: { readonly before: string; readonly after: string; readonly marked: Marked }): JSX.Element {
  const parts = useMemo(() => foldUnchanged(markRewritten(diffLines(before, after))), [before, after]);
  return (
    <section class="code-scroll" tabIndex={0} aria-label={t.statement.changed}>
      <ol class="code diff">
        {parts.map((part, i) => (part.kind === 'skipped' ? <li key={i} class="skipped">{t.nouns.unchangedLine(part.count)}</li> : <Changed key={i} line={part} marked={marked} />))}
      </ol>
    </section>
  );
}

function Changed({ line, marked }: { readonly line: DiffLine; readonly marked: Marked }): JSX.Element {
  const name = { same: '', added: t.statement.added, removed: t.statement.removed }[line.kind];
  const sign = { same: '', added: '+', removed: '−' }[line.kind];
  return (
    <li class={`line ${line.kind}`}>
      <span class="gutter" aria-hidden="true">{line.line ?? ''}</span>
      <code><span class="sign" aria-hidden="true">{sign}</span>{name !== '' && <span class="visually-hidden">{name}</span>}<Tokens tokens={sqlLines(line.text)[0] ?? []} marked={marked} changed={line.changed} />{'\n'}</code>
    </li>
  );
}
