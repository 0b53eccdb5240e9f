/** `textDocument/hover` over findings. */
import { type Hover, MarkupKind } from 'vscode-languageserver/node';
import type { Finding } from '#core/wire/finding.ts';
import type { FeatureDeps } from '../session/feature-deps.ts';
import { explain } from './explain.ts';

export function registerHover(deps: FeatureDeps): void {
  const { connection, boundary, documents, support } = deps;
  connection.onHover(boundary.request('textDocument/hover', async ({ textDocument, position }, token) => {
    const other = await deps.policyEditing.hover(textDocument.uri, position);
    if (other !== undefined) return other;
    const document = documents.get(textDocument.uri);
    if (document === undefined) return null;
    const { result, plan } = await deps.diagnostics.scan(document);
    const offset = document.lines.offsetAt(position, document.units);
    const finding = findingAt(result.findings, offset) ?? findingAt(await deps.everyFinding.of(document), offset);
    if (token.isCancellationRequested) return null;
    if (finding === undefined) return null;
    const masker = await deps.masker();
    const { policy } = await deps.policies.of(document.notebook ?? document.uri);
    const spec = policy.maskFor(finding.entity, finding.category);
    const value = document.slice(finding.start, finding.end);
    const explained = explain({
      finding,
      info: plan.entities.get(finding.entity),
      replacements: [
        ['masked', masker.replace(value, finding.entity, spec === undefined ? { kind: 'mask' } : { kind: 'mask', spec })],
        ['token', masker.replace(value, finding.entity, { kind: 'token' })],
        ['fake', masker.replace(value, finding.entity, { kind: 'fake' })],
        ['redacted', masker.replace(value, finding.entity, { kind: 'redact' })],
      ],
    }, support.markdownHover);
    const hover: Hover = {
      contents: { kind: support.markdownHover ? MarkupKind.Markdown : MarkupKind.PlainText, value: explained },
      range: document.lines.rangeOf(finding.start, finding.end),
    };
    return hover;
  }));
}

/** The best finding that covers or touches the offset. */
export function findingAt(findings: readonly Finding[], offset: number): Finding | undefined {
  let best: Finding | undefined;
  for (const finding of findings) {
    if (finding.start > offset) break;
    if (finding.end >= offset && (best === undefined || finding.confidence >= best.confidence)) best = finding;
  }
  return best;
}
