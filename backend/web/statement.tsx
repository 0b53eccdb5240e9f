import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SensitiveColumn } from '#core/wire/statement.ts';
import { Composer, linesName, type Post, ThreadView } from './comments.tsx';
import type { Thread } from './conversation.ts';
import { Diff } from './diff-view.tsx';
import { Icon } from './icons.tsx';
import { byColumnName, type Marked, Tokens } from './sql-view.tsx';
import { sqlLines } from './sql-tokens.ts';
import { t } from './text/text.ts';

/** An older text to compare with. */
export interface Before { readonly id: string; readonly name: string; readonly preview: string }

interface StatementProps {
  /** The statement with personal literals masked: all that a reviewer gets to see. */
  readonly preview: string;
  readonly redactions: number;
  readonly sensitive: readonly SensitiveColumn[];
  readonly compareWith: readonly Before[];
  /** Id of the one that is compared with when it opens. */
  readonly comparing?: string | undefined;
  /** Who approved the very same before, and when. */
  readonly sameAs: string | undefined;
  readonly threads: ReadonlyMap<number, readonly Thread[]>;
  readonly now: number;
  readonly post: Post;
}

/** More lines than this are folded until asked for. */
const FOLD_AT = 40;

export function Statement({ preview, redactions, sensitive, compareWith, comparing, sameAs, threads, now, post }: StatementProps): JSX.Element {
  const lines = useMemo(() => sqlLines(preview), [preview]);
  const marked = useMemo(() => byColumnName(sensitive), [sensitive]);
  const lastThread = Math.max(0, ...threads.keys());
  const [unfolded, setUnfolded] = useState(lines.length <= FOLD_AT);
  const [copied, setCopied] = useState(false);
  const [view, setView] = useState(comparing ?? '');
  const before = compareWith.find(({ id }) => id === view);
  const whole = unfolded || lastThread > FOLD_AT;
  return (
    <figure class="statement" aria-label={t.statement.name}>
      <figcaption>
        {compareWith.length === 0
          ? <span class="statement-name">{t.statement.name}</span>
          : (
            <fieldset class="views" aria-label={t.statement.shown}>
              <button type="button" aria-pressed={before === undefined} onClick={() => setView('')}>{t.statement.name}</button>
              {compareWith.map(({ id, name }) => <button key={id} type="button" aria-pressed={id === view} onClick={() => setView(id)}>{name}</button>)}
            </fieldset>
          )}
        <span class="statement-notes">
          {marked.size > 0 && <mark class="sensitive">{t.nouns.sensitiveColumn(marked.size)}</mark>}
          {redactions > 0 && <span class="muted">{t.statement.masked(t.nouns.personalValue(redactions))}</span>}
          {sameAs !== undefined && <span class="same-as-before"><Icon name="check" />{sameAs}</span>}
        </span>
        <button type="button" class="quiet small" onClick={() => { void navigator.clipboard.writeText(preview).then(() => setCopied(true), () => {}); }}>
          <Icon name={copied ? 'check' : 'copy'} />{copied ? t.statement.copied : t.statement.copy}
        </button>
      </figcaption>
      {before !== undefined
        ? <Diff before={before.preview} after={preview} marked={marked} />
        : <Lines preview={preview} shown={whole ? lines.length : FOLD_AT} marked={marked} threads={threads} now={now} post={post} />}
      {!whole && before === undefined && <button type="button" class="quiet unfold" onClick={() => setUnfolded(true)}>{t.statement.showAll(lines.length)}</button>}
    </figure>
  );
}

interface LinesProps extends Pick<StatementProps, 'preview' | 'threads' | 'now' | 'post'> { readonly shown: number; readonly marked: Marked }
interface Place { readonly line: number; readonly end: number }

/** Numbered lines; a number is the way to comment on its line, with Shift up to there. One stop for Tab, arrows go on. */
function Lines({ preview, shown, marked, threads, now, post }: LinesProps): JSX.Element {
  const [place, setPlace] = useState<Place | undefined>();
  const [stop, setStop] = useState(1);
  const list = useRef<HTMLOListElement>(null);
  const numbers = (): readonly HTMLButtonElement[] => [...(list.current?.querySelectorAll<HTMLButtonElement>('.gutter') ?? [])];
  // Not an attribute of each line: two thousand of them would be drawn anew for each arrow.
  useEffect(() => {
    for (const [i, button] of numbers().entries()) button.tabIndex = i + 1 === stop ? 0 : -1;
  }, [stop, shown, preview, place]);
  const plain = useMemo(() => sqlLines(preview).slice(0, shown).map((tokens, i) => {
    const line = i + 1;
    return [
      <button key="n" type="button" class="gutter" data-line={line} tabIndex={-1} aria-label={t.statement.commentOn(t.statement.line(line))} title={t.statement.commentHere}>{line}</button>,
      <code key="c"><Tokens tokens={tokens} marked={marked} />{'\n'}</code>,
    ];
  }), [preview, shown, marked]);
  const rows = useMemo(() => plain.map((parts, i) => <li key={i} class="line">{parts}{false}</li>), [plain]);
  const commented = new Set([...threads.values()].flat().flatMap(({ first: { line = 1, end = line } }) => range(line, end)));

  function choose(event: MouseEvent): void {
    const line = lineOf(event.target);
    if (line === undefined) return;
    setStop(line);
    setPlace(event.shiftKey && place !== undefined ? { line: Math.min(place.line, line), end: Math.max(place.line, line) } : { line, end: line });
  }
  function move(event: KeyboardEvent): void {
    const line = lineOf(event.target);
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (line === undefined || step === 0) return;
    event.preventDefault();
    const next = Math.min(plain.length, Math.max(1, line + step));
    setStop(next);
    numbers()[next - 1]?.focus();
  }
  return (
    <div class="code-scroll">
      <ol class="code" ref={list} onClick={choose} onKeyDown={move}>
        {rows.map((row, i) => {
          const line = i + 1;
          const here = threads.get(line) ?? [];
          const open = place?.end === line;
          const chosen = place !== undefined && line >= place.line && line <= place.end;
          if (here.length === 0 && !open && !chosen && !commented.has(line)) return row;
          return (
            <li key={i} class={`line${commented.has(line) ? ' commented' : ''}${chosen ? ' chosen' : ''}`}>
              {plain[i]}
              {(here.length > 0 || open) && (
                <div class="line-threads">
                  {here.map((thread) => <ThreadView key={thread.first.id} thread={thread} now={now} post={post} />)}
                  {open && (
                    <Composer
                      label={t.statement.commentOn(linesName(place))} submit={t.comments.comment} onCancel={() => { setPlace(undefined); numbers()[line - 1]?.focus(); }}
                      onSend={async (text) => {
                        const problem = await post({ text, line: place.line, ...(place.end === place.line ? {} : { end: place.end }) });
                        if (problem === undefined) setPlace(undefined);
                        return problem;
                      }}
                    />
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function lineOf(target: EventTarget | null): number | undefined {
  const line = target instanceof Element ? target.closest<HTMLElement>('.gutter')?.dataset.line : undefined;
  return line === undefined ? undefined : Number(line);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
