/** Notebooks: each cell is a document of its own, tied to its notebook for settings and policy. */
import type { Connection } from 'vscode-languageserver/node';
import type { Boundary } from '../session/boundary.ts';
import type { DocumentStore } from './document-store.ts';
import { OpenDocument } from './open-document.ts';

export function listenToNotebooks(connection: Connection, documents: DocumentStore, boundary: Boundary): void {
  const { synchronization } = connection.notebooks;
  synchronization.onDidOpenNotebookDocument(boundary.event('notebook/didOpen', ({ notebookDocument, cellTextDocuments }) => {
    for (const cell of cellTextDocuments) documents.open(new OpenDocument(cell, notebookDocument.uri));
  }));
  synchronization.onDidChangeNotebookDocument(boundary.event('notebook/didChange', ({ notebookDocument, change }) => {
    for (const cell of change.cells?.structure?.didOpen ?? []) documents.open(new OpenDocument(cell, notebookDocument.uri));
    for (const cell of change.cells?.structure?.didClose ?? []) documents.close(cell.uri);
    for (const { document: { uri, version }, changes } of change.cells?.textContent ?? []) {
      documents.change(uri, (document) => document.change(changes, version));
    }
  }));
  synchronization.onDidCloseNotebookDocument(boundary.event('notebook/didClose', ({ cellTextDocuments }) => {
    for (const cell of cellTextDocuments) documents.close(cell.uri);
  }));
}
