/** Providers out of settings: one object per distinct configuration, so that what is known of it is kept. */
import { createPresidio, type PostJson, type PresidioOptions } from '#core/providers/presidio.ts';
import type { Provider } from '#core/providers/provider.ts';

export class Providers {
  private readonly post: PostJson;
  private readonly made = new Map<string, Provider>();

  constructor(post: PostJson) {
    this.post = post;
  }

  /** Undefined unless the user configured one. */
  of(presidio: PresidioOptions | undefined): Provider | undefined {
    if (presidio === undefined) return undefined;
    const key = JSON.stringify(presidio);
    const known = this.made.get(key) ?? createPresidio(presidio, this.post);
    this.made.set(key, known);
    return known;
  }
}
