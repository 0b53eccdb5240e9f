/** All findings of a document, also those that its live view leaves out above its cap. Scanned once a version, on demand. */
import type { Finding } from '#core/wire/finding.ts';
import type { OpenDocument } from '../documents/open-document.ts';
import type { Diagnostics } from './diagnostics.ts';

export class EveryFinding {
  private readonly diagnostics: Diagnostics;
  private readonly known = new WeakMap<OpenDocument, { readonly version: number; readonly options: object; readonly findings: readonly Finding[] }>();

  constructor(diagnostics: Diagnostics) {
    this.diagnostics = diagnostics;
  }

  async of(document: OpenDocument): Promise<readonly Finding[]> {
    const { result, plan } = await this.diagnostics.scan(document);
    if (!result.limits.some(({ kind }) => kind === 'too-many-findings')) return result.findings;
    const { version } = document;
    const known = this.known.get(document);
    if (known?.version === version && known.options === plan.options) return known.findings;
    const { findings } = plan.detector.scan(document.text(), { ...plan.options, maxFindings: Number.MAX_SAFE_INTEGER });
    this.known.set(document, { version, options: plan.options, findings });
    return findings;
  }
}
