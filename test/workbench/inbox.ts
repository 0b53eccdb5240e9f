/** What a reviewer does in the inbox, as functions. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/bundles.ts';

const screenshots = join(root, 'test-results');

export class Inbox {
  readonly page: Page;
  readonly url: string;
  constructor(page: Page, url: string) { this.page = page; this.url = url; }

  async signIn(token: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.goto(this.url);
    await this.page.locator('input[name=token]').fill(token);
    await this.page.keyboard.press('Enter');
    await this.page.getByTestId('request').first().waitFor();
  }
  async openFirst(text: RegExp): Promise<void> {
    await this.page.getByTestId('request').filter({ hasText: text }).first().click();
    await this.page.getByTestId('approve').waitFor();
  }
  text(): Promise<string> { return this.page.locator('body').innerText(); }

  async approve(comment: string): Promise<void> {
    await this.page.getByTestId('comment').fill(comment);
    await this.page.getByTestId('approve').click();
    await this.page.getByTestId('request').first().waitFor({ state: 'detached' });
  }
  async deny(comment: string): Promise<void> {
    await this.page.getByTestId('comment').fill(comment);
    await this.page.getByTestId('deny').click();
    await this.page.getByTestId('request').first().waitFor({ state: 'detached' });
  }
  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
}
