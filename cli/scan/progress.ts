/** One line on a terminal that is rewritten while a scan runs; nothing where there is no terminal. */
import type { Summary } from '#files/report.ts';

/** Milliseconds between two paints. */
const interval = 120;

export class Progress {
  private readonly stream: (NodeJS.WritableStream & { readonly isTTY?: boolean }) | undefined;
  private painted = 0;
  private shown = false;
  private readonly now: () => number;

  constructor(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }, now: () => number = () => performance.now()) {
    this.stream = stream.isTTY === true ? stream : undefined;
    this.now = now;
  }

  update({ files, bytes, findings }: Summary): void {
    if (this.stream === undefined || this.now() - this.painted < interval) return;
    this.painted = this.now();
    this.shown = true;
    this.stream.write(`\r\u001b[K${files.toLocaleString('en-US')} files, ${(bytes / 1e6).toFixed(1)} MB, ${findings.toLocaleString('en-US')} findings`);
  }

  /** Takes the line away, so that what follows stands alone. */
  clear(): void {
    if (this.shown) this.stream?.write('\r\u001b[K');
    this.shown = false;
  }
}
