/** `textDocument/codeAction` and `codeAction/resolve`. */
import {
  type CodeAction, CodeActionKind, type CodeActionParams, CodeActionTriggerKind, type Command, LSPErrorCodes, ResponseError, type TextDocumentEdit, type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { TextEdit } from '#core/engine/detector.ts';
import type { Replacement } from '#core/masking/masker.ts';
import type { MaskSpec } from '#core/rules/rule.ts';
import type { Finding } from '#core/wire/finding.ts';
import { canIgnoreInline, ignoreEdits } from '#core/rewrite/ignore-edit.ts';
import { syntaxOf } from '#core/rewrite/language-syntax.ts';
import { maskEdits } from '#core/rewrite/mask-edits.ts';
import { source } from '../diagnostics/to-diagnostics.ts';
import type { OpenDocument } from '../documents/open-document.ts';
import { allowEdit } from '../policy/allow-edit.ts';
import type { FeatureDeps } from '../session/feature-deps.ts';
import { basename } from '../text/uri-path.ts';
import { type FixData, fixAllKind, listActions } from './actions.ts';

/** The command behind a fix for clients that know commands only. */
export const applyFixCommand = 'piiGate.server.applyFix';

export function registerFixes(deps: FeatureDeps): void {
  const { connection, boundary, documents, support, policies, trust } = deps;

  connection.onCodeAction(boundary.request('textDocument/codeAction', async (params, token): Promise<(CodeAction | Command)[]> => {
    const document = documents.get(params.textDocument.uri);
    if (document === undefined) return [];
    // The menu that a person opened knows every value; the light bulb that follows the cursor those that are shown.
    const invoked = params.context.triggerKind === CodeActionTriggerKind.Invoked;
    const { result, plan } = await deps.diagnostics.scan(document);
    const findings = invoked ? await deps.everyFinding.of(document) : result.findings;
    if (token.isCancellationRequested) return [];
    const home = document.notebook ?? document.uri;
    const start = document.lines.offsetAt(params.range.start, document.units);
    const end = document.lines.offsetAt(params.range.end, document.units);
    const wants = wanted(params);
    const { version } = document;
    const rewrites = support.codeActionLiterals && wants(CodeActionKind.QuickFix) ? await deps.gate.codeActions(document.uri, start, end) : [];
    if (token.isCancellationRequested || document.version !== version) return [];
    const actions = listActions({
      uri: document.uri,
      version: document.version,
      findings,
      entities: plan.entities,
      start,
      end,
      wants,
      canIgnore: canIgnoreInline(syntaxOf(document.languageId, basename(home))),
      canAllow: policies.folderOf(home) !== undefined && trust.get(),
      diagnostics: params.context.diagnostics.filter((diagnostic) => diagnostic.source === source),
    });
    if (!support.codeActionLiterals) return actions.map(({ title, data }) => ({ title, command: applyFixCommand, arguments: [data] }));
    const statements = rewrites.map(({ title, edits, preferred }): CodeAction => ({
      title, kind: CodeActionKind.QuickFix, edit: workspaceEdit(deps, document, edits), ...(preferred === true ? { isPreferred: true } : {}),
    }));
    if (support.codeActionResolve) return [...actions, ...statements];
    const finished = await Promise.all(actions.map(async (action) => ({ ...action, edit: await edit(deps, action.data as FixData) })));
    return [...finished, ...statements];
  }));

  connection.onCodeActionResolve(boundary.request('codeAction/resolve', async (action) => (
    action.data === undefined ? action : { ...action, edit: await edit(deps, readData(action.data)) }
  )));

  if (!support.codeActionLiterals) {
    connection.onExecuteCommand(boundary.request('workspace/executeCommand', async ({ command, arguments: given }) => {
      if (command === applyFixCommand) await connection.workspace.applyEdit(await edit(deps, readData(given?.[0])));
      return null;
    }));
  }
}

/** Without `only` the light bulb asks: quick fixes. A kind asks for itself and what lies below it. */
function wanted({ context }: CodeActionParams): (kind: string) => boolean {
  const { only } = context;
  return (kind) => (only === undefined ? kind === CodeActionKind.QuickFix : only.some((asked) => asked === '' || kind === asked || kind.startsWith(`${asked}.`)));
}

function readData(data: unknown): FixData {
  const { fix, uri, version, entity, start, end } = (data ?? {}) as Partial<FixData>;
  if (fix === undefined || typeof uri !== 'string' || typeof version !== 'number' || typeof entity !== 'string' || typeof start !== 'number' || typeof end !== 'number') {
    throw new ResponseError(LSPErrorCodes.RequestFailed, 'This is not a fix of PII Gate.');
  }
  return { fix, uri, version, entity, start, end };
}

async function edit(deps: FeatureDeps, data: FixData): Promise<WorkspaceEdit> {
  const document = deps.documents.get(data.uri);
  const stale = new ResponseError(LSPErrorCodes.ContentModified, 'The document changed since this fix was offered. Open the menu again.');
  if (document === undefined || document.version !== data.version) throw stale;
  const isHere = ({ start, end, entity }: Finding): boolean => start === data.start && end === data.end && entity === data.entity;
  const { result } = await deps.diagnostics.scan(document);
  const here = result.findings.find(isHere) ?? (await deps.everyFinding.of(document)).find(isHere);
  if (document.version !== data.version) throw stale;
  if (data.fix === 'allow') return here === undefined ? { changes: {} } : allowEdit(deps, document, here);
  return workspaceEdit(deps, document, await textEdits(deps, document, data, here));
}

async function textEdits(deps: FeatureDeps, document: OpenDocument, data: FixData, here: Finding | undefined): Promise<readonly TextEdit[]> {
  const text = document.text();
  const syntax = syntaxOf(document.languageId, basename(document.notebook ?? document.uri));
  if (data.fix === 'ignore') return (here === undefined ? undefined : ignoreEdits(text, syntax, here)) ?? [];
  const one = here === undefined ? [] : [here];
  const { policy } = await deps.policies.of(document.notebook ?? document.uri);
  const replace = async (findings: readonly Finding[], how: Replacement['kind']) => maskEdits(text, findings, ({ entity, category }) => replacement(how, policy.maskFor(entity, category)), await deps.masker(), syntax);
  switch (data.fix) {
    case 'mask':
      return replace(one, 'mask');
    case 'token':
    case 'fake':
      return replace(one, data.fix);
    default: {
      const { fixAllReplacement } = await deps.settings.of(document.notebook ?? document.uri);
      const every = await deps.everyFinding.of(document);
      const chosen = every.filter(({ entity, reserved }) => (data.fix === 'mask-entity' ? entity === data.entity : reserved !== true));
      return replace(chosen, data.fix === 'fix-all' ? fixAllReplacement : 'mask');
    }
  }
}

/** The workspace's own mask where it has one. */
function replacement(kind: Replacement['kind'], spec: MaskSpec | undefined): Replacement {
  return kind === 'mask' && spec !== undefined ? { kind, spec } : { kind };
}

/** One edit of one document, tied to its version where the client understands versions. */
export function workspaceEdit(deps: Pick<FeatureDeps, 'support'>, document: OpenDocument, edits: readonly TextEdit[]): WorkspaceEdit {
  const lspEdits = edits.map(({ start, end, text }) => ({ range: document.lines.rangeOf(start, end), newText: text }));
  if (!deps.support.versionedEdits) return { changes: { [document.uri]: lspEdits } };
  const change: TextDocumentEdit = { textDocument: { uri: document.uri, version: document.version }, edits: lspEdits };
  return { documentChanges: [change] };
}

export const codeActionKinds: readonly string[] = [CodeActionKind.QuickFix, fixAllKind];
