/** Statements of a document with facts and prediction, asked for once per version and connection. */
import { type CancellationToken, type Disposable, type Event, EventEmitter, type TextDocument, workspace } from 'vscode';
import type { StatementInfo } from '#core/wire/protocol.ts';
import type { GateClient } from '../gate/gate-client.ts';
import { statementAt } from './statement-at.ts';

export interface StatementSource extends Disposable {
  statements(document: TextDocument, connectionId: string | undefined, token?: CancellationToken): Promise<readonly StatementInfo[]>;
  /** The statement that holds the offset, else the one before it on the same line, else the next. */
  at(document: TextDocument, connectionId: string | undefined, offset: number): Promise<StatementInfo | undefined>;
  /** Predictions are old: the policy, the backend or the connections changed. */
  invalidate(): void;
  readonly onDidInvalidate: Event<void>;
}

interface Held { readonly version: number; readonly connectionId: string | undefined; readonly statements: Promise<readonly StatementInfo[]> }

export function createStatementSource(gate: GateClient): StatementSource {
  const held = new Map<string, Held>();
  const invalidated = new EventEmitter<void>();
  const statements: StatementSource['statements'] = (document, connectionId, token) => {
    const uri = document.uri.toString();
    const known = held.get(uri);
    if (known !== undefined && known.version === document.version && known.connectionId === connectionId) return known.statements;
    const asked = gate.statements({ uri, ...(connectionId === undefined ? {} : { connectionId }) }, token);
    held.set(uri, { version: document.version, connectionId, statements: asked });
    // A failed or cancelled answer is not an answer.
    asked.catch(() => { if (held.get(uri)?.statements === asked) held.delete(uri); });
    return asked;
  };
  const subscription = workspace.onDidCloseTextDocument((document) => held.delete(document.uri.toString()));
  return {
    statements,
    async at(document, connectionId, offset) {
      return statementAt(await statements(document, connectionId), offset, document.getText());
    },
    invalidate() { held.clear(); invalidated.fire(); },
    onDidInvalidate: invalidated.event,
    dispose() { subscription.dispose(); invalidated.dispose(); },
  };
}
