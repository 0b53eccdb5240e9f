/** `pii-gate mask`: standard input → standard output, personal data replaced, syntax kept. */
import { maskEdits } from '#core/rewrite/mask-edits.ts';
import { syntaxOf } from '#core/rewrite/language-syntax.ts';
import type { Masker, Replacement } from '#core/masking/masker.ts';
import type { WorkspacePolicy } from '#core/policy/workspace-policy.ts';
import type { Finding } from '#core/wire/finding.ts';
import type { FileEngine } from '#files/engine.ts';
import { exit } from '../exit.ts';
import { decode } from '#files/decode.ts';
import type { Terminal } from '../scan/command.ts';

export interface MaskRequest {
  readonly how: Replacement['kind'];
  readonly languageId?: string;
  /** Name to judge the input by, e.g. `users.csv`. */
  readonly filename?: string;
}

export async function mask(request: MaskRequest, engine: FileEngine, policy: WorkspacePolicy, masker: Masker, terminal: Terminal): Promise<number> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of terminal.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  const decoded = decode(Buffer.concat(chunks));
  if (decoded.kind === 'binary') {
    await terminal.err.write(`pii-gate: the input ${decoded.why}: mask works on text. Nothing was written.\n`);
    return exit.error;
  }
  const { text } = decoded;
  const { findings } = engine.detector.scan(text, {
    ...engine.options,
    maxFindings: Number.MAX_SAFE_INTEGER,
    ...(request.languageId === undefined ? {} : { languageId: request.languageId }),
    ...(request.filename === undefined ? {} : { filename: request.filename }),
  });
  const syntax = syntaxOf(request.languageId ?? '', request.filename ?? '');
  const replacement = ({ entity, category }: Finding): Replacement => {
    const spec = request.how === 'mask' ? policy.maskFor(entity, category) : undefined;
    return spec === undefined ? { kind: request.how } : { kind: 'mask', spec };
  };
  const parts: string[] = [];
  let from = 0;
  for (const edit of maskEdits(text, findings, replacement, masker, syntax)) {
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
  }
  parts.push(text.slice(from));
  await terminal.out.write(parts.join(''));
  return exit.clean;
}
