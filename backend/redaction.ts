/**
 * Free text (reasons, comments, previews, plans) is redacted when it arrives, so that no raw personal value is stored, shown to
 * reviewers, sent to a channel or written to the audit trail.
 */
import type { Detector } from '#core/engine/detector.ts';

/** Below this a finding is a guess; the text would be riddled with holes. */
const minConfidence = 0.5;

/** Replaces each finding by its entity in brackets: `mail jane@…` → `mail [EMAIL_ADDRESS]`. Idempotent. */
export function redactor(detector: Detector): (text: string) => string {
  return (text) => {
    if (text === '') return text;
    const { findings } = detector.scan(text, { minConfidence, inlineIgnores: false });
    let clean = '';
    let from = 0;
    for (const finding of [...findings].sort((a, b) => a.start - b.start)) {
      if (finding.start < from) continue;
      clean += `${text.slice(from, finding.start)}[${finding.entity}]`;
      from = finding.end;
    }
    return clean + text.slice(from);
  };
}

/** The detector of the shipped rules. */
export async function builtinDetector(): Promise<Detector> {
  const [{ createDetector }, { createRe2 }, { builtinPacks }] = await Promise.all([
    import('#core/engine/create.ts'), import('#core/engine/re2.ts'), import('#rules'),
  ]);
  return createDetector(builtinPacks(), createRe2());
}
