/**
 * Parts that are imported on demand become bundles of their own. In one bundle, compiling 4.5 MB was two thirds of the server's
 * start (measured: 165 of 268 ms until `initialize` was answered), although most of it serves queries that come later or never.
 */
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** `import('<specifier>')` in `importer` → `dist/<bundle>.js`. Paths relative to the repository. */
export const lazyImports: readonly { readonly importer: string; readonly specifier: string; readonly bundle: string }[] = [
  { importer: 'server/main.ts', specifier: './detection/core.ts', bundle: 'server-core' },
  { importer: 'server/main.ts', specifier: './gate/register.ts', bundle: 'server-gate' },
  { importer: 'cli/backend/commands.ts', specifier: '#backend/cli.ts', bundle: 'cli-on-demand' },
  { importer: 'cli/query/register.ts', specifier: './command.ts', bundle: 'cli-on-demand' },
  { importer: 'cli/mcp/register.ts', specifier: './command.ts', bundle: 'cli-on-demand' },
];

export function lazyBundles(root: string): Plugin {
  return {
    name: 'lazy-bundles',
    setup(build) {
      build.onResolve({ filter: /\.ts$/ }, ({ path, importer, kind }) => {
        if (kind !== 'dynamic-import') return undefined;
        const found = lazyImports.find((lazy) => lazy.specifier === path && join(root, lazy.importer) === importer);
        return found === undefined ? undefined : { path: `./${found.bundle}.js`, external: true };
      });
    },
  };
}
