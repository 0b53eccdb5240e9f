/** The list of fixes for a place in a document, in the order and words that people see. Cheap: edits are made on resolve. */
import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver-types';
import type { EntityInfo } from '#core/engine/detector.ts';
import type { Finding } from '#core/wire/finding.ts';
import { count, titleOf } from '../diagnostics/wording.ts';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.piiGate`;

/** What an action does; stands in `data` until it is resolved. No value, only where it stands. */
export interface FixData {
  readonly fix: 'mask' | 'mask-entity' | 'mask-all' | 'fix-all' | 'token' | 'fake' | 'ignore' | 'allow';
  readonly uri: string;
  readonly version: number;
  readonly entity: string;
  readonly start: number;
  readonly end: number;
}

export interface ActionsInput {
  readonly uri: string;
  readonly version: number;
  readonly findings: readonly Finding[];
  readonly entities: ReadonlyMap<string, EntityInfo>;
  /** UTF-16 offsets of what the client asks about. */
  readonly start: number;
  readonly end: number;
  readonly wants: (kind: string) => boolean;
  readonly canIgnore: boolean;
  /** Whether the document lies in a workspace folder whose policy may be widened. */
  readonly canAllow: boolean;
  /** Diagnostics of ours at the place, to tie the fixes to. */
  readonly diagnostics: readonly Diagnostic[];
}

/** More values than this under one selection get the file-wide fixes only. */
const maxPlaces = 5;

export function listActions(input: ActionsInput): CodeAction[] {
  const { uri, version, findings, entities } = input;
  const actions: CodeAction[] = [];
  const data = (fix: FixData['fix'], finding: Finding | undefined): FixData => ({ fix, uri, version, entity: finding?.entity ?? '', start: finding?.start ?? 0, end: finding?.end ?? 0 });
  if (input.wants(CodeActionKind.QuickFix)) {
    const real = findings.reduce((sum, { reserved }) => sum + (reserved === true ? 0 : 1), 0);
    const here = findings.filter(({ start, end }) => start <= input.end && end >= input.start);
    for (const finding of here.slice(0, maxPlaces)) {
      const title = titleOf(finding.entity, entities.get(finding.entity));
      const same = findings.reduce((sum, { entity }) => sum + (entity === finding.entity ? 1 : 0), 0);
      const diagnostics = input.diagnostics.filter(({ code }) => code === finding.entity);
      const add = (label: string, fix: FixData['fix'], preferred = false): void => {
        actions.push({ title: label, kind: CodeActionKind.QuickFix, diagnostics, data: data(fix, finding), ...(preferred ? { isPreferred: true } : {}) });
      };
      add(`Mask this value (${title})`, 'mask', finding === here[0]);
      if (finding === here[0]) {
        if (same > 1) add(`Mask all ${count(same)} of this kind in this file (${title})`, 'mask-entity');
        if (real > same) add(`Mask everything in this file (${count(real)} values)`, 'mask-all');
        add('Replace by a stable token', 'token');
        add('Replace by a realistic fake', 'fake');
        if (input.canIgnore) add('Ignore here', 'ignore');
        if (input.canAllow) add('Allow this value in this workspace', 'allow');
      }
    }
  }
  if (findings.some(({ reserved }) => reserved !== true) && input.wants(fixAllKind)) {
    actions.push({ title: 'Mask all personal data in this file', kind: fixAllKind, data: data('fix-all', undefined) });
  }
  return actions;
}
