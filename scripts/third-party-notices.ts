/** The licences of everything that is bundled, which MIT, BSD, ISC and Apache-2.0 want handed on: `dist/ThirdPartyNotices.txt`. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lists of words in our own files, by the package they were taken from. */
const wordLists = ['@faker-js/faker (github.com/faker-js/faker): MIT, Copyright (c) 2022-2025 Faker', 'zxcvbn-ts (github.com/zxcvbn-ts/zxcvbn): MIT, Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.', 'popular-english-words (npm): ISC'];

/**
 * @param inputs paths of bundled files, relative to `root`, as esbuild's metafile and the table of assets name them
 * @returns one section a package, sorted by name. Throws when a bundled package states no licence.
 */
export function thirdPartyNotices(root: string, inputs: Iterable<string>): string {
  const folders = new Set<string>();
  for (const input of inputs) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (folder !== undefined) folders.add(folder);
  }
  const sections = [...folders].map((folder) => section(join(root, folder))).sort();
  return ['PII Gate is built with the following software and lists.', ...new Set(sections), `Names and words for recognising people in prose come from: ${wordLists.join('; ')}.`].join(`\n\n${'-'.repeat(80)}\n\n`);
}

function section(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string; license?: string };
  const files = globSync('{LICEN[CS]E,COPYING,NOTICE,licen[cs]e}*', { cwd: folder }).sort();
  if (license === undefined && files.length === 0) throw new Error(`${name} is bundled but states no licence; leave it out or find its terms.`);
  return [`${name} ${version}${license === undefined ? '' : ` (${license})`}`, ...files.map((file) => readFileSync(join(folder, file), 'utf8').trim())].join('\n\n');
}
