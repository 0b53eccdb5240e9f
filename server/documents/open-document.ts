/** One open document or notebook cell: its text, its line index and, once scanned, the engine's live view of it. */
import type { Range, TextDocumentContentChangeEvent } from 'vscode-languageserver-protocol';
import type { Detector, EntityInfo, LiveDocument, ScanOptions, TextEdit } from '#core/engine/detector.ts';
import type { Provider } from '#core/providers/provider.ts';
import type { ScanResult } from '#core/wire/finding.ts';
import { LineIndex, type Units } from '#core/text/line-index.ts';
import type { OpenText } from './open-texts.ts';

/** How to scan a document. A new object (identity) means: scan afresh. */
export interface ScanPlan {
  readonly detector: Detector;
  readonly options: ScanOptions;
  /** What the detector knows of each entity. */
  readonly entities: ReadonlyMap<string, EntityInfo>;
  /** A second opinion, where the user configured one. */
  readonly provider?: Provider;
  /** Why the document is not scanned at all, if so. */
  readonly skip?: 'disabled' | 'excluded' | 'too-large';
}

export class OpenDocument implements OpenText {
  readonly uri: string;
  readonly languageId: string;
  /** The notebook this document is a cell of. */
  readonly notebook: string | undefined;
  version: number;
  lines: LineIndex;
  /** Milliseconds the last scan or re-scan took. */
  elapsedMs = 0;
  private plain: string;
  private live: LiveDocument | undefined;
  private plan: ScanPlan | undefined;

  constructor(item: { uri: string; languageId: string; version: number; text: string }, notebook?: string) {
    this.uri = item.uri;
    this.languageId = item.languageId;
    this.version = item.version;
    this.plain = item.text;
    this.lines = new LineIndex(item.text);
    this.notebook = notebook;
  }

  text(): string {
    return this.live === undefined ? this.plain : this.live.text;
  }

  /** A stretch of the text; cheap, whatever the document's size. */
  slice(start: number, end: number): string {
    return this.live === undefined ? this.plain.slice(start, end) : this.live.slice(start, end);
  }

  get length(): number {
    return this.live === undefined ? this.plain.length : this.live.length;
  }

  /** Reads single units without putting the whole text together. */
  get units(): Units {
    return this.live === undefined ? this.plain : units(this.live);
  }

  /** Applies one `didChange`: its changes in order, each in the positions left by the one before. */
  change(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    this.version = version;
    const [only] = changes;
    if (this.live !== undefined && changes.length === 1 && only !== undefined && 'range' in only && only.range !== undefined) {
      this.keystroke(this.live, only.range, only.text);
      return;
    }
    let text = this.text();
    let edits: TextEdit[] = [];
    for (const change of changes) {
      if (!('range' in change) || change.range === undefined) {
        text = change.text;
        edits = [];
        this.close(text);
        this.lines = new LineIndex(text);
        continue;
      }
      const start = this.lines.offsetAt(change.range.start, text);
      const end = Math.max(start, this.lines.offsetAt(change.range.end, text));
      text = text.slice(0, start) + change.text + text.slice(end);
      this.lines.replace(start, end, change.text, text);
      edits.push({ start, end, text: change.text });
    }
    if (this.live === undefined) this.plain = text;
    else if (edits.length > 0) this.rescan(this.live, edits);
  }

  /** The commonest change, without ever putting the whole text together. */
  private keystroke(live: LiveDocument, range: Range, text: string): void {
    const start = this.lines.offsetAt(range.start, units(live));
    const end = Math.max(start, this.lines.offsetAt(range.end, units(live)));
    this.rescan(live, [{ start, end, text }]);
    this.lines.replace(start, end, text, units(live));
  }

  private rescan(live: LiveDocument, edits: readonly TextEdit[]): void {
    const before = performance.now();
    live.update(edits);
    this.elapsedMs = performance.now() - before;
  }

  /** Findings for the current text. Scans only when nothing has been scanned under this plan yet. */
  result(plan: ScanPlan): ScanResult {
    if (plan.skip !== undefined) {
      this.close(this.text());
      return skipped(plan.skip, this.plain.length);
    }
    if (this.live === undefined || this.plan !== plan) {
      const before = performance.now();
      this.live = plan.detector.open(this.text(), plan.options);
      this.elapsedMs = performance.now() - before;
      this.plan = plan;
      this.plain = '';
    }
    return this.live.result;
  }

  private close(text: string): void {
    this.plain = text;
    this.live = undefined;
    this.plan = undefined;
  }
}

function units(live: LiveDocument): Units {
  return { charCodeAt: (offset) => live.slice(offset, offset + 1).charCodeAt(0) };
}

/** Too large is "unknown", not "clean"; disabled and excluded are the user's own choice. */
function skipped(why: NonNullable<ScanPlan['skip']>, length: number): ScanResult {
  if (why !== 'too-large') return { findings: [], limits: [] };
  return { findings: [], limits: [{ kind: 'truncated', scanned: 0, total: length, unit: 'utf16' }] };
}
