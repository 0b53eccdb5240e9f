/**
 * Anchors outside the reach of whoever keeps the store: another file (a mounted share, write-once storage), an HTTPS endpoint,
 * or a Git repository. The newest signed head goes there every so often; what fails is tried again with the next head, and
 * never holds up a decision.
 */
import { execFile } from 'node:child_process';
import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SigningKey } from '../keys/key-files.ts';
import { anchorOf, type AnchoredHead } from './anchor.ts';
import type { AuditHead } from './record.ts';

export type AnchorTarget =
  | { readonly kind: 'file'; readonly path: string }
  /** Gets the anchored head as a JSON body. https only, or this machine. */
  | { readonly kind: 'webhook'; readonly url: string }
  /** A work tree: one line a head in `audit-anchors.jsonl`, committed. */
  | { readonly kind: 'git'; readonly folder: string };

/** `file:PATH`, `git:FOLDER` or `https://…`; undefined when it is none of them. */
export function parseAnchorTarget(text: string): AnchorTarget | undefined {
  if (text.startsWith('file:') && text.length > 5) return { kind: 'file', path: text.slice(5) };
  if (text.startsWith('git:') && text.length > 4) return { kind: 'git', folder: text.slice(4) };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const local = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost' || url?.hostname === '[::1]';
  return url && (url.protocol === 'https:' || (url.protocol === 'http:' && local)) ? { kind: 'webhook', url: text } : undefined;
}

export interface ExternalAnchors {
  write(head: AuditHead): void;
  /** Sends the newest head now. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** @param everyMs milliseconds between anchors at most */
export function createExternalAnchors(targets: readonly AnchorTarget[], key: SigningKey, now: () => number, everyMs: number, onError: (target: AnchorTarget, error: unknown) => void): ExternalAnchors {
  let newest: AuditHead | undefined;
  const anchored = new Map<AnchorTarget, number>();
  let busy = Promise.resolve();
  async function send(): Promise<void> {
    const head = newest;
    if (!head) return;
    const anchor = anchorOf(head, key, now());
    for (const target of targets) {
      if (anchored.get(target) === head.seq) continue;
      try {
        await put(target, anchor);
        anchored.set(target, head.seq);
      } catch (error) {
        onError(target, error);
      }
    }
  }
  const flush = (): Promise<void> => {
    busy = busy.then(send);
    return busy;
  };
  const timer = setInterval(() => void flush(), everyMs);
  timer.unref();
  return {
    write(head) {
      newest = head;
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

async function put(target: AnchorTarget, anchor: AnchoredHead): Promise<void> {
  const line = `${JSON.stringify(anchor)}\n`;
  if (target.kind === 'file') {
    await writeFile(`${target.path}.new`, line, { mode: 0o600 });
    await rename(`${target.path}.new`, target.path);
    return;
  }
  if (target.kind === 'webhook') {
    const response = await fetch(target.url, { method: 'POST', redirect: 'error', headers: { 'content-type': 'application/json' }, body: line, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`The anchor's endpoint answered ${response.status}`);
    return;
  }
  const git = promisify(execFile);
  await appendFile(join(target.folder, 'audit-anchors.jsonl'), line);
  await git('git', ['-C', target.folder, 'add', 'audit-anchors.jsonl']);
  await git('git', ['-C', target.folder, '-c', 'user.name=PII Gate', '-c', 'user.email=pii-gate@localhost', 'commit', '--quiet', '--message', `Anchor the audit trail at ${anchor.seq}`, '--', 'audit-anchors.jsonl'], { timeout: 20_000 });
}
