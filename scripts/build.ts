/** Bundles everything that ships into `dist/`. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { workspacePolicySchema } from '#core/policy/workspace-policy-schema.ts';
import { rulePackSchema } from '#core/rules/rule-pack-schema.ts';
import { assets, bundles, dist, missingEntries, optionsFor, root } from './bundles.ts';
import { lazyBundles } from './lazy-bundles-plugin.ts';
import { inlineRulePacks } from './rules-plugin.ts';
import { thirdPartyNotices } from './third-party-notices.ts';

/** Builds `dist/` anew and returns the size in bytes of every bundle. */
export async function buildAll(): Promise<ReadonlyMap<string, number>> {
  const missing = missingEntries();
  if (missing.length > 0) throw new Error(`scripts/bundles.ts names files that do not exist: ${missing.join(', ')}`);
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  // The bundles are CommonJS although the package is ESM: VS Code loads an extension with require().
  writeFileSync(join(dist, 'package.json'), '{"type":"commonjs"}\n');
  const sizes = new Map<string, number>();
  const inputs = new Set<string>(assets.map((asset) => asset.from));
  for (const bundle of bundles) {
    const result = await build({ ...optionsFor(bundle), plugins: [inlineRulePacks, lazyBundles(root)] });
    for (const [path, output] of Object.entries(result.metafile?.outputs ?? {})) sizes.set(path, output.bytes);
    for (const path of Object.keys(result.metafile?.inputs ?? {})) inputs.add(path);
  }
  mkdirSync(join(dist, 'schemas'));
  for (const [name, schema] of [['workspace-policy', workspacePolicySchema], ['rule-pack', rulePackSchema]] as const) writeFileSync(join(dist, 'schemas', `${name}.schema.json`), JSON.stringify(schema));
  for (const asset of assets) {
    mkdirSync(dirname(join(dist, asset.to)), { recursive: true });
    cpSync(join(root, asset.from), join(dist, asset.to), { recursive: true });
  }
  writeFileSync(join(dist, 'ThirdPartyNotices.txt'), thirdPartyNotices(root, inputs));
  return sizes;
}

if (import.meta.main) {
  const started = Date.now();
  const sizes = await buildAll();
  for (const [path, bytes] of sizes) console.log(`${String(Math.round(bytes / 1024)).padStart(6)} kB  ${path}`);
  console.log(`Built dist/ in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}
