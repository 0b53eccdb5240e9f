/** The statement with line numbers; threads of comments stand under the line they are about, and each line can be commented. */
import { Fragment } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ApprovalRequest, NewComment, RequestComment } from '#core/wire/approval.ts';
import { Icon } from './icon.tsx';
import { counted, t } from './l10n.ts';
import { sqlLines, type SqlPart } from './sql-lines.ts';

interface Props {
  readonly request: ApprovalRequest;
  comment(comment: NewComment): void;
}

export function StatementView({ request, comment }: Props) {
  const lines = useMemo(() => sqlLines(request.preview), [request.preview]);
  const sensitive = new Map(request.facts.sensitive.map(({ table, column, category }) => [column.toLowerCase(), `${table}.${column}: ${category}`]));
  const [writing, setWriting] = useState<number | undefined>();
  const revision = request.revisions?.length ?? 0;
  const roots = (request.comments ?? []).filter((one) => one.replyTo === undefined && one.line !== undefined && one.revision === revision);
  return (
    <div class="sql" role="group" aria-label={t('Statement')}>
      {lines.map((parts, index) => {
        const line = index + 1;
        const threads = roots.filter((one) => (one.end ?? one.line) === line);
        return (
          <Fragment key={line}>
            <div class="sql-line">
              <button type="button" class="line-number" aria-label={t('Comment on line {0}', line)} title={t('Comment on line {0}', line)} onClick={() => setWriting(writing === line ? undefined : line)}><span>{line}</span><Icon name="add" /></button>
              <code>{parts.map((part, at) => <Part key={at} part={part} sensitive={sensitive} />)}{'\n'}</code>
            </div>
            {threads.map((root) => <Thread key={root.id} root={root} all={request.comments ?? []} comment={comment} />)}
            {writing === line && <Writer label={t('Comment on line {0}', line)} close={() => setWriting(undefined)} send={(text) => comment({ text, line })} />}
          </Fragment>
        );
      })}
    </div>
  );
}

/** Comments that are not about a line of the present statement. */
export function Remarks({ request, comment }: Props) {
  const [writing, setWriting] = useState(false);
  const revision = request.revisions?.length ?? 0;
  const all = request.comments ?? [];
  const roots = all.filter((one) => one.replyTo === undefined && (one.line === undefined || one.revision !== revision));
  return (
    <>
      {roots.map((root) => <Thread key={root.id} root={root} all={all} comment={comment} />)}
      {writing ? <Writer label={t('Comment on the request')} close={() => setWriting(false)} send={(text) => comment({ text })} />
        : <button type="button" class="link" onClick={() => setWriting(true)}><Icon name="comment" /> {t('Comment on the request')}</button>}
    </>
  );
}

function Part({ part, sensitive }: { readonly part: SqlPart; readonly sensitive: ReadonlyMap<string, string> }) {
  const why = part.name === undefined ? undefined : sensitive.get(part.name);
  if (why !== undefined) return <mark title={why}>{part.text}</mark>;
  return part.kind === 'other' || part.kind === 'name' ? <>{part.text}</> : <span class={part.kind}>{part.text}</span>;
}

function Thread({ root, all, comment }: { readonly root: RequestComment; readonly all: readonly RequestComment[]; comment(comment: NewComment): void }) {
  const [answering, setAnswering] = useState(false);
  const replies = all.filter(({ replyTo }) => replyTo === root.id);
  return (
    <div class="thread">
      {[root, ...replies].map(({ id, by, at, text, line }) => (
        <div key={id} class="remark">
          <p><b>{by.name}</b> <span class="quiet">{new Date(at).toLocaleString()}{line !== undefined && root.line !== undefined && id === root.id ? ` · ${t('line {0}', line)}` : ''}</span></p>
          <p class="remark-text">{text}</p>
        </div>
      ))}
      {answering ? <Writer label={t('Reply')} close={() => setAnswering(false)} send={(text) => comment({ text, replyTo: root.id })} />
        : <button type="button" class="link" onClick={() => setAnswering(true)}>{replies.length === 0 ? t('Reply') : counted(replies.length, 'Reply ({0} answer)', 'Reply ({0} answers)')}</button>}
    </div>
  );
}

function Writer({ label, close, send }: { readonly label: string; close(): void; send(text: string): void }) {
  const [text, setText] = useState('');
  const post = (): void => { if (text.trim() !== '') { send(text.trim()); close(); } };
  return (
    <form class="writer" onSubmit={(event) => { event.preventDefault(); post(); }}>
      <textarea ref={(element) => element?.focus()} rows={2} aria-label={label} placeholder={label} value={text} onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') { event.stopPropagation(); close(); }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); post(); }
        }} />
      <button type="submit" class="button" disabled={text.trim() === ''}>{t('Comment')}</button>
      <button type="button" class="button secondary" onClick={close}>{t('Back')}</button>
    </form>
  );
}
