/** Help while a `.pii-gate.yaml` is edited: problems as diagnostics, completion of keys and values, what a key means on hover. */
import {
  type CompletionItem, CompletionItemKind, type Diagnostic, DiagnosticSeverity, type Hover, MarkupKind, type Position,
} from 'vscode-languageserver/node';
import type { DocumentStore } from '../documents/document-store.ts';
import type { ClientSupport } from '../session/client-support.ts';
import { basename } from '../text/uri-path.ts';
import { policyFileName } from './policy-store.ts';
import { keysOf, type Schema, schemasAt, valuesOf } from './schema-walk.ts';
import { keyAt, placeByIndent } from './yaml-place.ts';

export interface PolicyProblem { readonly line: number; readonly column: number; readonly message: string }

export interface PolicyEditingDeps {
  readonly documents: DocumentStore;
  readonly support: ClientSupport;
  /** What is wrong with a policy's text: 1-based lines and columns. */
  readonly problems: (text: string) => Promise<readonly PolicyProblem[]>;
  readonly schema: () => Promise<Schema>;
  /** Values that only the running server knows, by the last key of their path. */
  readonly known: (key: string) => Promise<readonly string[]>;
}

const problemCode = 'POLICY';

export class PolicyEditing {
  private readonly deps: PolicyEditingDeps;

  constructor(deps: PolicyEditingDeps) {
    this.deps = deps;
  }

  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const document = this.policy(uri);
    if (document === undefined) return [];
    const text = document.text();
    return (await this.deps.problems(text)).map(({ line, column, message }) => {
      const start = { line: Math.max(0, line - 1), character: Math.max(0, column - 1) };
      const end = document.lines.positionAt(document.lines.offsetAt({ line: start.line, character: Number.MAX_SAFE_INTEGER }, text));
      return { range: { start, end: end.character > start.character ? end : start }, severity: DiagnosticSeverity.Error, source: 'PII Gate', code: problemCode, message };
    });
  }

  async hover(uri: string, position: Position): Promise<Hover | undefined> {
    const document = this.policy(uri);
    if (document === undefined) return undefined;
    const text = document.text();
    const place = keyAt(text, document.lines.offsetAt(position, text));
    if (place?.key === undefined) return undefined;
    const said = schemasAt(await this.deps.schema(), place.path).find(({ description }) => description !== undefined)?.description;
    if (said === undefined) return undefined;
    return { contents: { kind: this.deps.support.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText, value: said }, range: document.lines.rangeOf(place.key.start, place.key.end) };
  }

  async complete(uri: string, position: Position): Promise<CompletionItem[]> {
    const document = this.policy(uri);
    if (document === undefined) return [];
    const text = document.text();
    const place = placeByIndent(text, document.lines.offsetAt(position, text));
    const schemas = schemasAt(await this.deps.schema(), place.path);
    const last = [...place.path].reverse().find((step) => typeof step === 'string') ?? '';
    const values = [...valuesOf(schemas), ...(await this.deps.known(String(last)))].map((value) => ({ label: value, kind: CompletionItemKind.Value }));
    if (place.role === 'value') return values;
    const keys = [...keysOf(schemas)].filter(([key]) => !place.siblings.includes(key));
    const items: CompletionItem[] = keys.map(([key, description]) => ({ label: key, kind: CompletionItemKind.Property, insertText: `${key}: `, ...(description === '' ? {} : { documentation: description }) }));
    return place.path.at(-1) === 0 ? [...items, ...values] : items;
  }

  private policy(uri: string) {
    return basename(uri) === policyFileName ? this.deps.documents.get(uri) : undefined;
  }
}
