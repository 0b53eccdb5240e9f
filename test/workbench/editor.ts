/** What a person does in the workbench, as functions. Selectors live here and nowhere else. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { root } from '../../scripts/bundles.ts';

const screenshots = join(root, 'test-results');

export class Editor {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(20_000);
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
  }

  /** Opens a file of the workspace by its name through quick open. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    await this.page.locator('.quick-input-widget input').fill(name);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: name.split('/').at(-1) ?? name }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator(`.tab.active[data-resource-name="${name.split('/').at(-1)}"]`).waitFor();
    await this.page.locator('.editor-instance .view-lines .view-line').first().waitFor();
  }

  /** Waits until the lines above the statements say what running them will do. */
  async lenses(text: RegExp): Promise<void> {
    await this.page.locator('.codelens-decoration', { hasText: text }).first().waitFor();
  }

  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input');
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.row(title).click();
  }

  /** The open quick pick's row whose label is exactly this. */
  row(label: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ has: this.page.locator('.label-name', { hasText: new RegExp(`^${label.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) }) }).first();
  }

  /** The open quick pick's row with this text. */
  pick(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /** Puts the cursor at a line and column, both from 1. */
  async goToLine(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    await this.page.locator('.quick-input-widget input').fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  squiggles(): Locator { return this.page.locator('.squiggly-warning, .squiggly-error, .squiggly-info'); }

  /**
   * Opens the menu of quick fixes at the cursor. While other extensions start, their new diagnostics close a menu that was
   * just asked for; a person presses again, and so does this, five times at most.
   */
  async openFixes(): Promise<void> {
    const first = this.page.locator('.action-widget .monaco-list-row').first();
    for (let press = 1; ; press++) {
      await this.page.keyboard.press('Control+.');
      const open = await first.waitFor({ timeout: 5_000 }).then(() => true, () => false);
      if (open) return;
      if (press === 5) throw new Error('no menu of quick fixes opened');
    }
  }

  async showProblems(): Promise<void> {
    await this.page.keyboard.press('Control+Shift+M');
    await this.page.locator('.markers-panel').waitFor();
  }
  /** Lines of the problems panel once at least `count` are there, without the rows that name files. */
  async problems(count: number): Promise<readonly string[]> {
    const rows = this.page.locator('.markers-panel .monaco-list-row:has(.marker-icon)');
    await rows.nth(count - 1).waitFor();
    return rows.allInnerTexts();
  }
  async closePanel(): Promise<void> {
    await this.command('View: Hide Panel');
    await this.page.locator('.markers-panel').waitFor({ state: 'hidden' });
  }

  /** Answers the connection pick when the editor asks for one. */
  async pickIfAsked(connection: string): Promise<void> {
    const row = this.pick(connection);
    await row.waitFor({ timeout: 4_000 }).then(() => row.click(), () => undefined);
  }

  grid(): Promise<FrameLocator> { return this.webview('[role=grid]'); }

  async waitForText(matches: (text: string) => boolean): Promise<void> {
    for (let attempt = 0; attempt < 80; attempt++) {
      if (matches(await this.text())) return;
      await this.page.waitForTimeout(125);
    }
    throw new Error(`the editor never showed what was expected:\n${await this.text()}`);
  }

  /** Exports the shown result to a file, masked as it is; ends where the reason is asked. */
  async startExport(format: string, path: string): Promise<void> {
    await this.command('PII Gate: Export Results…');
    await this.pick(new RegExp(format, 'i')).click();
    const input = this.page.locator('.quick-input-widget input');
    await input.waitFor();
    await this.page.locator('.quick-input-title', { hasText: 'Export results' }).waitFor();
    await input.fill(path);
    // The dialog looks the folder up before it takes the name.
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: 'customers.csv' }).waitFor();
    // While it still looks the name up, the dialog swallows Enter; a person presses again.
    const columns = this.page.locator('.quick-input-title', { hasText: 'Columns to export in clear' });
    for (let press = 1; press <= 5; press++) {
      await this.page.keyboard.press('Enter');
      if (await columns.waitFor({ timeout: 4_000 }).then(() => true, () => false)) break;
    }
    await columns.waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-title', { hasText: /Ask to export/ }).waitFor();
  }

  /** Chooses a colour theme by its exact name and waits until the workbench is drawn in its kind: `vs` is light, `hc-black` dark high contrast. */
  async theme(name: string, kind: 'vs' | 'vs-dark' | 'hc-black'): Promise<void> {
    await this.command('Preferences: Color Theme');
    await this.page.locator('.quick-input-widget input').fill(name);
    await this.row(name).click();
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /** Text of the active editor as drawn, lines joined; non-breaking spaces turned into spaces. */
  async text(): Promise<string> {
    const lines = await this.page.locator('.editor-instance .view-lines .view-line').allInnerTexts();
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Replaces the rest of a line from a column on. Both count from 1. */
  async replaceRest(line: number, column: number, text: string): Promise<void> {
    await this.goToLine(line, column);
    await this.page.keyboard.press('Shift+End');
    await this.page.keyboard.type(text);
  }

  /** The thread of comments in the text that says this. */
  thread(text: string | RegExp): Locator { return this.page.locator('.review-widget', { hasText: text }).first(); }

  /** The reviewer's page of the only request that waits. */
  async review(): Promise<FrameLocator> {
    await this.command('PII Gate: Review Requests');
    return this.webview('main.review');
  }

  /** Runs the statement at a line, on the connection. */
  async run(file: string, line: number, connection: string): Promise<void> {
    await this.openFile(file);
    await this.lenses(/Run/);
    await this.goToLine(line, 1);
    await this.page.keyboard.press('Control+Enter');
    await this.pickIfAsked(connection);
  }

  /** Answers the question for a reason. */
  async reason(text: string, accept: RegExp): Promise<void> {
    await this.page.locator('.quick-input-title', { hasText: /customers/ }).waitFor();
    await this.page.locator('.quick-input-widget input').fill(text);
    await this.pick(accept).click();
  }

  /** The innermost document of a webview that holds `selector`. */
  async webview(selector: string): Promise<FrameLocator> {
    const frames = this.page.locator('iframe.webview.ready');
    for (let attempt = 0; attempt < 120; attempt++) {
      for (let index = 0; index < (await frames.count()); index++) {
        const inner = frames.nth(index).contentFrame().locator('iframe#active-frame').contentFrame();
        if ((await inner.locator(selector).count()) > 0) return inner;
      }
      await this.page.waitForTimeout(250);
    }
    throw new Error(`no webview shows ${selector}`);
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
}
