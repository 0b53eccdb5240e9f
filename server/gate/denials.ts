/** Reasons why statements did not go ahead, kept with the statement until it is edited or run again. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Blocked } from '#core/wire/protocol.ts';
import type { OpenTexts } from '../documents/open-texts.ts';

interface Denial { readonly statement: string; readonly start: number; readonly blocked: Blocked }

const shownCodes: ReadonlySet<Blocked['code']> = new Set(['denied', 'policy-denies', 'changes-requested', 'expired', 'revoked', 'statement-changed', 'grant-used', 'read-only']);

export class Denials {
  readonly #texts: OpenTexts;
  readonly #changed: (uri: string) => void;
  readonly #byUri = new Map<string, Denial[]>();

  constructor(texts: OpenTexts, changed: (uri: string) => void) {
    this.#texts = texts;
    this.#changed = changed;
  }

  /** @param start UTF-16 offset of the statement when it was run */
  add(uri: string, statement: string, start: number, blocked: Blocked): void {
    if (!shownCodes.has(blocked.code)) return;
    const others = (this.#byUri.get(uri) ?? []).filter((d) => d.statement !== statement);
    this.#byUri.set(uri, [...others, { statement, start, blocked }]);
    this.#changed(uri);
  }

  /** The statement is run again: what was said of it before is over. */
  clear(uri: string, statement: string): void {
    const before = this.#byUri.get(uri);
    if (!before?.some((d) => d.statement === statement)) return;
    this.#byUri.set(uri, before.filter((d) => d.statement !== statement));
    this.#changed(uri);
  }

  forget(uri: string): void { this.#byUri.delete(uri); }

  diagnostics(uri: string): readonly Diagnostic[] {
    const denials = this.#byUri.get(uri);
    const text = denials?.length ? this.#texts.get(uri)?.text() : undefined;
    if (!denials || text === undefined) return [];
    return denials.flatMap(({ statement, start, blocked }) => {
      const at = nearest(text, statement, start);
      if (at === undefined) return [];
      return [{
        range: { start: position(text, at), end: position(text, at + statement.length) },
        severity: DiagnosticSeverity.Warning, source: 'PII Gate', code: `approval-${blocked.code}`, message: blocked.message,
      }];
    });
  }
}

/** The occurrence of the statement that is nearest to where it stood. */
function nearest(text: string, statement: string, start: number): number | undefined {
  let best: number | undefined;
  for (let at = text.indexOf(statement); at !== -1; at = text.indexOf(statement, at + 1)) {
    if (best === undefined || Math.abs(at - start) < Math.abs(best - start)) best = at;
  }
  return best;
}

function position(text: string, offset: number): { line: number; character: number } {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
