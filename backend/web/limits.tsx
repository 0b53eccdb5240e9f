import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApprovalRequest, Constraints } from '#core/wire/approval.ts';
import type { ColumnRef } from '#core/wire/statement.ts';
import { t } from './text/text.ts';
import { duration } from './words.ts';

const MINUTE = 60_000;
const DURATIONS_MS = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 4 * 60 * MINUTE, 8 * 60 * MINUTE, 24 * 60 * MINUTE];

interface LimitsProps {
  readonly request: ApprovalRequest;
  /** Id of the form, for the submit button that stands elsewhere. */
  readonly id: string;
  readonly onApprove: (constraints: Constraints) => void;
  readonly onProblem: (problem: string) => void;
}

/** "Yes, but": columns that stay masked, fewer rows, less time. Limits only ever narrow what was asked for. */
export function Limits({ request, id, onApprove, onProblem }: LimitsProps): JSX.Element {
  const { scope, facts, verdict } = request;
  const columns = maskable(request);
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const most = Math.min(...[scope.maxRows, verdict.maxRows, facts.limit].filter((n) => n !== undefined));
  const [rows, setRows] = useState('');
  const longest = Math.min(scope.durationMs, verdict.maxDurationMs ?? Number.POSITIVE_INFINITY);
  const [lifeMs, setLifeMs] = useState(longest);
  const first = useRef<HTMLFieldSetElement>(null);
  useEffect(() => first.current?.querySelector<HTMLElement>('input')?.focus(), []);

  const maxRows = rows === '' ? undefined : Number(rows);
  const rowsWrong = maxRows !== undefined && !(Number.isSafeInteger(maxRows) && maxRows > 0 && maxRows <= most);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const wrong = rowsWrong
      ? (Number.isFinite(most) ? t.limits.between(most) : t.limits.whole)
      : kept.size === 0 && maxRows === undefined && lifeMs === longest ? t.limits.one : undefined;
    if (wrong !== undefined) {
      onProblem(wrong);
      return;
    }
    const keepMasked = columns.filter((c) => kept.has(key(c)));
    onApprove({
      ...(keepMasked.length > 0 ? { keepMasked } : {}),
      ...(maxRows === undefined ? {} : { maxRows }),
      ...(lifeMs === longest ? {} : { durationMs: lifeMs }),
    });
  }
  return (
    <form class="limits" aria-label={t.limits.label} id={id} noValidate onSubmit={submit}>
      <fieldset ref={first}>
        <legend>{t.limits.keepMasked}</legend>
        <div class="limit-columns">
          {columns.map((c) => (
            <label key={key(c)} class="check">
              <input
                type="checkbox" data-testid="keep-masked" value={key(c)} checked={kept.has(key(c))}
                onChange={(event) => {
                  const next = new Set(kept);
                  if (event.currentTarget.checked) next.add(key(c));
                  else next.delete(key(c));
                  setKept(next);
                }}
              />
              <code>{key(c)}</code>
            </label>
          ))}
        </div>
      </fieldset>
      <label class="limit">{t.limits.rows}
        <input type="number" inputMode="numeric" name="max-rows" data-testid="max-rows" min={1} max={Number.isFinite(most) ? most : undefined} placeholder={Number.isFinite(most) ? String(most) : t.limits.noCap} value={rows} aria-invalid={rowsWrong} onInput={(event) => setRows(event.currentTarget.value)} />
      </label>
      <label class="limit">{t.limits.for}
        <select data-testid="duration" value={String(lifeMs)} onChange={(event) => setLifeMs(Number(event.currentTarget.value))}>
          {[...DURATIONS_MS.filter((ms) => ms < longest), longest].map((ms) => <option key={ms} value={String(ms)}>{duration(ms)}{ms === longest ? ` ${t.limits.asAsked}` : ''}</option>)}
        </select>
      </label>
    </form>
  );
}

/** Columns in clear first; for a masked run, the sensitive columns of the result. Each once. */
function maskable({ scope, facts }: ApprovalRequest): readonly ColumnRef[] {
  const all: readonly ColumnRef[] = scope.columns.length > 0
    ? scope.columns
    : facts.sensitive.filter((c) => c.use === 'output').map(({ schema, table, column }) => ({ ...(schema === undefined ? {} : { schema }), table, column, access: 'read' as const }));
  return [...new Map(all.map((c) => [key(c), c])).values()];
}

function key({ schema, table, column }: ColumnRef): string {
  return `${schema === undefined ? '' : `${schema}.`}${table}.${column}`;
}
