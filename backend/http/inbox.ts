/** Serves the built inbox: static files under the strict policy of `app.ts`, nothing above the folder. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from './app.ts';

/** @param folder absolute path of the built inbox; without it `/` says how to build it */
export async function addInbox(app: App, folder: string | undefined): Promise<void> {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    app.get('/', { config: { public: true }, schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send('PII Gate is running. The inbox is not built: run npm run build.\n'),
    );
    return;
  }
  await app.register(fastifyStatic, { root: folder, dotfiles: 'deny', index: ['index.html'], cacheControl: false, list: false, serveDotFiles: false });
}
