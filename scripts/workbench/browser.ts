/** Chromium for the browser workbench and the inbox, driven through playwright-core. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { installSystemPackages } from './system-packages.ts';

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Path of a Chromium; installs Debian's where we may. `PII_GATE_CHROMIUM` overrides. Throws with what to install. */
export function ensureChromium(): string {
  const find = () => [process.env.PII_GATE_CHROMIUM, ...candidates].find((path) => path !== undefined && path !== '' && existsSync(path));
  const found = find();
  if (found !== undefined) return found;
  installSystemPackages(['chromium'], 'the browser tests');
  const installed = find();
  if (installed === undefined) throw new Error('Chromium was installed but is not where it is expected; set PII_GATE_CHROMIUM to its path.');
  return installed;
}

export interface BrowserOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly scale?: number;
}

/** A browser with a profile of its own that is removed on close. No background network traffic. */
export async function openBrowser(options: BrowserOptions = {}): Promise<{ readonly context: BrowserContext; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'pii-gate-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    headless: true,
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    deviceScaleFactor: options.scale ?? 1,
    colorScheme: options.colorScheme ?? 'dark',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
