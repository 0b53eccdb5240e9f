import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { NewComment, RequestComment } from '#core/wire/approval.ts';
import type { Thread } from './conversation.ts';
import { t } from './text/text.ts';
import { ago, initials } from './words.ts';

/** Gives the reason when it did not work. */
export type Post = (comment: NewComment) => Promise<string | undefined>;

interface ThreadProps { readonly thread: Thread; readonly now: number; readonly post: Post; /** The lines it is about, when they are no longer there. */ readonly quote?: string | undefined }

/** A remark and its answers, with room for one more. */
export function ThreadView({ thread, now, post, quote }: ThreadProps): JSX.Element {
  const [answering, setAnswering] = useState(false);
  const { first, answers } = thread;
  return (
    <section class="thread" aria-label={first.line === undefined ? t.comments.by(first.by.name) : t.comments.on(linesName(first))}>
      {quote !== undefined && <p class="thread-place">{t.comments.earlier(linesName(first))} <code class="thread-quote">{quote}</code></p>}
      {quote === undefined && first.end !== undefined && <p class="thread-place">{t.comments.place(linesName(first))}</p>}
      <ol class="remarks">{[first, ...answers].map((comment) => <Remark key={comment.id} comment={comment} now={now} />)}</ol>
      {answering
        ? <Composer label={t.comments.answerLabel} submit={t.comments.answer} onSend={async (text) => { const problem = await post({ text, replyTo: first.id }); if (problem === undefined) setAnswering(false); return problem; }} onCancel={() => setAnswering(false)} />
        : <button type="button" class="quiet small" onClick={() => setAnswering(true)}>{t.comments.answer}</button>}
    </section>
  );
}

function Remark({ comment: { by, at, text }, now }: { readonly comment: RequestComment; readonly now: number }): JSX.Element {
  return (
    <li>
      <span class="face" aria-hidden="true">{initials(by.name)}</span>
      <div>
        <p class="remark-by"><strong>{by.name}</strong> <time class="muted" dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>{ago(at, now)}</time></p>
        <p class="remark-text" dir="auto">{text}</p>
      </div>
    </li>
  );
}

interface ComposerProps {
  readonly label: string;
  readonly submit: string;
  /** Gives the reason when it did not work; the text stays then. */
  readonly onSend: (text: string) => Promise<string | undefined>;
  /** Present where it can be put away: it takes the focus when it comes. */
  readonly onCancel?: () => void;
  readonly testId?: string;
}

export function Composer({ label, submit, onSend, onCancel, testId = 'remark' }: ComposerProps): JSX.Element {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const comes = onCancel !== undefined;
  // Before the next key arrives: a letter typed right after the click belongs into the comment.
  useLayoutEffect(() => { if (comes) field.current?.focus(); }, [comes]);
  async function send(): Promise<void> {
    if (busy || text.trim() === '') return;
    setBusy(true);
    const wrong = await onSend(text.trim());
    setBusy(false);
    setProblem(wrong);
    if (wrong === undefined) setText('');
  }
  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <textarea
        ref={field} rows={1} maxLength={4000} aria-label={label} placeholder={label} data-testid={testId} value={text} dir="auto" aria-describedby={id} aria-invalid={problem !== undefined}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
          else if (event.key === 'Escape') {
            onCancel?.();
            event.currentTarget.blur();
          }
        }}
      />
      <p id={id} class={problem === undefined ? 'hint' : 'hint problem'} role={problem === undefined ? undefined : 'alert'}>{problem ?? ''}</p>
      {(comes || text !== '') && (
        <div class="composer-buttons">
          <button type="submit" class="small primary" disabled={busy || text.trim() === ''}>{submit}</button>
          {onCancel !== undefined && <button type="button" class="quiet small" onClick={onCancel}>{t.comments.cancel}</button>}
        </div>
      )}
    </form>
  );
}

export function linesName({ line = 1, end = line }: Pick<NewComment, 'line' | 'end'>): string {
  return end === line ? t.statement.line(line) : t.statement.lines(line, end);
}
