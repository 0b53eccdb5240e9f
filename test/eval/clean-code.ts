/** False alarms on code that holds no personal data worth a warning: the sources of this project's own dependencies. */
import { globSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Detector } from '#core/engine/detector.ts';

const languages: Readonly<Record<string, string>> = { '.js': 'javascript', '.mjs': 'javascript', '.cjs': 'javascript', '.ts': 'typescript', '.mts': 'typescript', '.c': 'c', '.h': 'c', '.cc': 'cpp', '.py': 'python', '.css': 'css', '.json': 'json' };
/** Data, not code: tests and fixtures hold samples of people, and these packages are made of valid numbers and names. */
const notCode = /(^|[\\/])(test|tests|__tests__|fixtures|examples?|locales?|@faker-js|stdnum|compromise|libphonenumber-js|tldts)[\\/]|package-lock|\.(test|spec)\./;

export interface CleanCodeResult { readonly files: number; readonly lines: number; readonly warnings: readonly { readonly file: string; readonly line: number; readonly entity: string; readonly confidence: number }[] }

/** Scans up to `limit` source files below `folder`, skipping bundles over 1 MB. Warnings are findings of severity warning or error. */
export function scanCleanCode(folder: string, detector: Detector, limit = 20_000): CleanCodeResult {
  const warnings: { file: string; line: number; entity: string; confidence: number }[] = [];
  let files = 0;
  let lines = 0;
  for (const name of globSync('**/*.{js,mjs,cjs,ts,mts,c,h,cc,py,css,json}', { cwd: folder }).sort()) {
    if (notCode.test(name) || files >= limit) continue;
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile() || stat.size > 1_000_000) continue;
    const text = readFileSync(path, 'utf8');
    files++;
    lines += text.split('\n').length;
    for (const finding of detector.scan(text, { languageId: languages[extname(name)] ?? 'plaintext', filename: name }).findings) {
      if (finding.severity !== 'warning' && finding.severity !== 'error') continue;
      warnings.push({ file: name, line: text.slice(0, finding.start).split('\n').length, entity: finding.entity, confidence: finding.confidence });
    }
  }
  return { files, lines, warnings };
}
