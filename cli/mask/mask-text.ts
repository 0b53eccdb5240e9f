/** A text with its personal data replaced; the syntax around each value stays valid. */
import type { Masker, Replacement } from '#core/masking/masker.ts';
import type { WorkspacePolicy } from '#core/policy/workspace-policy.ts';
import { maskEdits } from '#core/rewrite/mask-edits.ts';
import { syntaxOf } from '#core/rewrite/language-syntax.ts';
import type { Finding, ScanLimit, ScanResult } from '#core/wire/finding.ts';
import type { FileEngine } from '#files/engine.ts';

export interface MaskChoice {
  readonly how: Replacement['kind'];
  readonly languageId?: string;
  /** Name to judge the text by, e.g. `users.csv`. */
  readonly filename?: string;
}

export interface MaskedText { readonly text: string; readonly findings: readonly Finding[]; readonly limits: readonly ScanLimit[] }

/** Everything that the engine finds in the text. */
export function findAll(text: string, { languageId, filename }: MaskChoice, engine: FileEngine): ScanResult {
  return engine.detector.scan(text, {
    ...engine.options,
    maxFindings: Number.MAX_SAFE_INTEGER,
    ...(languageId === undefined ? {} : { languageId }),
    ...(filename === undefined ? {} : { filename }),
  });
}

/** @param result what was found, when somebody else than the engine had a say, too */
export function maskText(text: string, choice: MaskChoice, engine: FileEngine, policy: WorkspacePolicy, masker: Masker, result: ScanResult = findAll(text, choice, engine)): MaskedText {
  const { how, languageId, filename } = choice;
  const { findings, limits } = result;
  const replacement = ({ entity, category }: Finding): Replacement => {
    const spec = how === 'mask' ? policy.maskFor(entity, category) : undefined;
    return spec === undefined ? { kind: how } : { kind: 'mask', spec };
  };
  const parts: string[] = [];
  let from = 0;
  for (const edit of maskEdits(text, findings, replacement, masker, syntaxOf(languageId ?? '', filename ?? ''))) {
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  parts.push(text.slice(from));
  return { text: parts.join(''), findings, limits };
}
