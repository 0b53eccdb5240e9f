/** Notices when a statement is edited while its approval is pending: one changed character voids it. */
import type { Dialect } from '#core/wire/statement.ts';
import type { RunParams } from '#core/wire/protocol.ts';
import type { GateContext } from './gate-context.ts';

export interface StatementWatch { readonly changed: AbortSignal; dispose(): void }

/**
 * A statement of the document must stay one of its statements; a selected part must stay in the text.
 * Moving it about, or editing elsewhere, changes nothing. A closed document changes nothing either.
 */
export function watchStatement({ uri, statement }: Pick<RunParams, 'uri' | 'statement'>, dialect: Dialect, context: GateContext): StatementWatch {
  const changed = new AbortController();
  const text = uri === undefined ? undefined : context.texts.get(uri)?.text();
  if (uri === undefined || text === undefined) return { changed: changed.signal, dispose: () => undefined };
  const whole = context.isStatementOf(text, statement, dialect);
  const stands = (now: string): boolean => (whole ? context.isStatementOf(now, statement, dialect) : now.includes(statement));
  const listening = context.texts.onDidChange((changedUri) => {
    if (changedUri !== uri) return;
    const now = context.texts.get(uri)?.text();
    if (now !== undefined && !stands(now)) changed.abort(new DOMException('The statement was edited.', 'AbortError'));
  });
  return { changed: changed.signal, dispose: () => listening.dispose() };
}
