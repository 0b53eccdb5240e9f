/** All open documents and notebook cells, fed by LSP's synchronisation messages. */
import type { Connection } from 'vscode-languageserver/node';
import type { Boundary } from '../session/boundary.ts';
import { OpenDocument } from './open-document.ts';
import type { OpenTexts } from './open-texts.ts';

type Listener = (uri: string) => void;

export class DocumentStore implements OpenTexts {
  private readonly documents = new Map<string, OpenDocument>();
  private readonly changed = new Set<Listener>();
  private readonly closed = new Set<Listener>();
  private readonly saved = new Set<Listener>();

  get(uri: string): OpenDocument | undefined {
    return this.documents.get(uri);
  }

  all(): readonly OpenDocument[] {
    return [...this.documents.values()];
  }

  /** Fires on open, too: a document that appears has changed from nothing. */
  onDidChange(listener: Listener): { dispose(): void } {
    return subscribe(this.changed, listener);
  }

  onDidClose(listener: Listener): { dispose(): void } {
    return subscribe(this.closed, listener);
  }

  onDidSave(listener: Listener): { dispose(): void } {
    return subscribe(this.saved, listener);
  }

  open(document: OpenDocument): void {
    this.documents.set(document.uri, document);
    fire(this.changed, document.uri);
  }

  change(uri: string, apply: (document: OpenDocument) => void): void {
    const document = this.documents.get(uri);
    if (document === undefined) return;
    apply(document);
    fire(this.changed, uri);
  }

  close(uri: string): void {
    if (this.documents.delete(uri)) fire(this.closed, uri);
  }

  /** Binds the store to `textDocument/did*`. */
  listen(connection: Connection, boundary: Boundary): void {
    connection.onDidOpenTextDocument(boundary.event('didOpen', ({ textDocument }) => this.open(new OpenDocument(textDocument))));
    connection.onDidChangeTextDocument(boundary.event('didChange', ({ textDocument, contentChanges }) => {
      this.change(textDocument.uri, (document) => document.change(contentChanges, textDocument.version));
    }));
    connection.onDidCloseTextDocument(boundary.event('didClose', ({ textDocument }) => this.close(textDocument.uri)));
    connection.onDidSaveTextDocument(boundary.event('didSave', ({ textDocument }) => fire(this.saved, textDocument.uri)));
  }
}

function subscribe(listeners: Set<Listener>, listener: Listener): { dispose(): void } {
  listeners.add(listener);
  return { dispose: () => void listeners.delete(listener) };
}

function fire(listeners: ReadonlySet<Listener>, uri: string): void {
  for (const listener of listeners) listener(uri);
}
