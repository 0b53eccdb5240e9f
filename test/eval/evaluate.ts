/**
 * `npm run eval [-- --data DIR] [-- --peers] [-- --seed N] [-- --mistakes N]`: how good detection is, measured.
 * Writes docs/evaluation.md when run with `--write`. `--data DIR` adds sets that are not part of the repository.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { builtinPacks } from '#rules';
import { scanCleanCode } from './clean-code.ts';
import { buildCorpus } from './corpus/build.ts';
import { traps } from './corpus/traps.ts';
import { loadPeers } from './peers.ts';
import { evaluatePresidio } from './presidio.ts';
import { evaluatePublished } from './published.ts';
import { type Counts, f1, precision, recall, Scoreboard } from './score.ts';
import { root } from '../../scripts/bundles.ts';

const { values: options } = parseArgs({ options: { data: { type: 'string' }, peers: { type: 'boolean' }, seed: { type: 'string' }, mistakes: { type: 'string', default: '20' }, write: { type: 'boolean' } } });

const report: string[] = [];
const say = (line = '') => { report.push(line); console.log(line); };
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const row = (name: string, counts: Counts) => say(`| ${name} | ${counts.truePositives + counts.falseNegatives} | ${percent(precision(counts))} | ${percent(recall(counts))} | ${f1(counts).toFixed(3)} |`);

const detector = createDetector(builtinPacks(), createRe2());
const corpus = buildCorpus(options.seed === undefined ? undefined : Number(options.seed));
/** What a user sees by default: everything but hints. */
const found = (text: string, languageId?: string, filename?: string) => detector.scan(text, { ...(languageId === undefined || languageId === '' ? {} : { languageId }), ...(filename === undefined ? {} : { filename }) }).findings.filter((finding) => finding.severity !== 'hint');

say('# Evaluation');
say();
say('Made by `npm run eval -- --write`. Strict scoring: a finding counts only with the exact span and the exact entity, at the default threshold.');
say();
say(`Entities: ${detector.entities().length}.`);
say();
say(`## The labelled corpus (${corpus.length} documents, ${corpus.reduce((sum, document) => sum + document.spans.length, 0)} values)`);
say();
const board = new Scoreboard();
for (const document of corpus) board.add(document, found(document.text, document.languageId, document.filename));
const bytes = corpus.reduce((sum, document) => sum + document.text.length, 0);
say(`micro F1 **${f1(board.total).toFixed(4)}** (precision ${percent(precision(board.total))}, recall ${percent(recall(board.total))}), macro F1 **${board.macroF1().toFixed(4)}**`);
say();
say('| entity | values | precision | recall | F1 |');
say('|---|---|---|---|---|');
for (const [entity, counts] of [...board.byEntity].sort(([a], [b]) => a.localeCompare(b))) row(entity, counts);
say();
say('| kind of file | values | precision | recall | F1 |');
say('|---|---|---|---|---|');
for (const [kind, counts] of board.byKind) if (kind !== 'hand-written traps') row(kind, counts);
say();
const sprungByHand = traps.filter((trap) => found(trap.text, trap.languageId, trap.filename).length > 0);
say(`${traps.length - sprungByHand.length} of ${traps.length} traps written by hand raise nothing above a hint; they count as documents without values above.`);
for (const trap of sprungByHand) console.log(`  sprung: ${trap.id}`);
say();
for (const mistake of board.mistakes.slice(0, Number(options.mistakes))) console.log(`  ${mistake.kind} ${mistake.entity} (${mistake.document}): ${mistake.text}`);

say('## False alarms on code');
say();
const clean = scanCleanCode(join(root, 'node_modules'), detector);
say(`${clean.files} files, ${clean.lines} lines of the dependencies' sources: ${clean.warnings.length} warnings, ${((clean.warnings.length * 10_000) / Math.max(1, clean.lines)).toFixed(2)} per 10,000 lines.`);
say();
for (const warning of clean.warnings.slice(0, 40)) console.log(`  ${warning.entity} ${warning.confidence.toFixed(2)} ${warning.file}:${warning.line}`);

if (options.data !== undefined) {
  const presidio = join(options.data, 'presidio_dev.jsonl');
  if (existsSync(presidio)) {
    say('## Cases of Presidio\'s recognizers');
    say();
    const result = evaluatePresidio(options.data, detector);
    say(`${result.passed} of ${result.cases} cases (${percent(result.passed / result.cases)}).`);
    say();
    for (const failure of result.failures) say(`- \`${failure.id}\`: ${failure.why}`);
    say();
  }
  if (existsSync(join(options.data, 'published_numbers.jsonl'))) {
    const published = evaluatePublished(options.data, detector);
    say('## Numbers that other projects publish as valid or invalid');
    say();
    say(`${published.kinds} kinds of number from the test suites of python-stdnum and stdnum. Valid ones accepted: **${percent(published.accepted.right / published.accepted.of)}** of ${published.accepted.of}; invalid ones refused: **${percent(published.refused.right / published.refused.of)}** of ${published.refused.of}; valid ones found as bare text at the default threshold: **${percent(published.found.right / published.found.of)}**.`);
    say();
    say('Not counted, because the lists contradict each other, the published algorithm or themselves; we go by the algorithm:');
    say();
    for (const { number, why } of published.contradictions) say(`- ${number.kind} \`${number.value}\` (${number.valid ? 'valid' : 'invalid'} in ${number.source}): ${why}`);
    say();
    for (const { number, what } of published.mistakes.slice(0, Number(options.mistakes))) console.log(`  ${number.kind} ${what}: ${number.value}`);
  }
  const traps = join(options.data, 'traps_dev.jsonl');
  if (existsSync(traps)) {
    const cases = readFileSync(traps, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as { trap: string; text: string });
    const sprung = cases.filter((trap) => found(trap.text).length > 0);
    say('## Look-alikes');
    say();
    say(`${cases.length - sprung.length} of ${cases.length} raise nothing above a hint${sprung.length > 0 ? `; these do: ${sprung.map((trap) => trap.trap).join(', ')}` : ''}.`);
    say();
  }
}

if (options.peers) {
  say('## Peers, same documents, same process');
  say();
  say('Peers report fewer entities, so each is scored twice: on everything, and only on the entities it names at all.');
  say();
  const started = performance.now();
  for (const document of corpus) found(document.text, document.languageId, document.filename);
  const seconds = (performance.now() - started) / 1000;
  say('| | precision | recall | F1 | F1 on its own entities | MB/s on these documents, second pass |');
  say('|---|---|---|---|---|---|');
  say(`| **PII Gate** | ${percent(precision(board.total))} | ${percent(recall(board.total))} | ${f1(board.total).toFixed(3)} | ${f1(board.total).toFixed(3)} | ${(bytes / 1e6 / seconds).toFixed(2)} |`);
  for (const peer of loadPeers(join(root, '.cache', 'eval-peers'))) {
    const all = new Scoreboard();
    const results: { readonly document: (typeof corpus)[number]; readonly spans: Awaited<ReturnType<typeof peer.find>> }[] = [];
    for (const document of corpus) results.push({ document, spans: await peer.find(document.text) });
    const begin = performance.now();
    for (const document of corpus) await peer.find(document.text);
    const elapsed = (performance.now() - begin) / 1000;
    const known = new Set(results.flatMap((result) => result.spans.map((span) => span.entity)));
    const own = new Scoreboard();
    for (const { document, spans } of results) {
      all.add(document, spans);
      own.add({ ...document, spans: document.spans.filter((span) => known.has(span.entity)) }, spans);
    }
    say(`| ${peer.name} | ${percent(precision(all.total))} | ${percent(recall(all.total))} | ${f1(all.total).toFixed(3)} | ${f1(own.total).toFixed(3)} | ${(bytes / 1e6 / elapsed).toFixed(2)} |`);
  }
  say();
}

if (options.write) writeFileSync(join(root, 'docs', 'evaluation.md'), `${report.join('\n').trimEnd()}\n`);
