/** Texts inside a text: each is scanned as what it is, and what is found is brought back to where it stands in the document. */
import type { ScanLimit, Writing } from '../wire/finding.ts';
import { diffHunks } from '../structure/diff-hunks.ts';
import { encodedQueries } from '../structure/encoded-queries.ts';
import { escapedStrings } from '../structure/escaped-strings.ts';
import { notebookCells } from '../structure/notebook-cells.ts';
import type { Region } from '../structure/region.ts';
import { looksLikePerson } from '../names/prose-people.ts';
import { nameAmong } from '../names/people.ts';
import { isPlaceholder } from '../filters/placeholder.ts';
import type { CompiledRules } from './compile.ts';
import { DocumentText, type DocumentShape, shapeOf } from './document.ts';
import type { Hit } from './hit.ts';
import { Judge } from './judge.ts';
import { NamedValues } from './named-hits.ts';
import { resolveOverlaps } from './overlap.ts';
import type { Scanner } from './scanner.ts';

/** JSON in a URL in a notebook is read; deeper is not. */
const DEEPEST = 3;
/** Longest content that is a key's value as a whole. */
const LONGEST_VALUE = 200;

export interface Surroundings {
  readonly compiled: CompiledRules;
  readonly scanner: Scanner;
  /** Confidence below which nothing is reported. */
  readonly lowest: number;
  readonly signal?: AbortSignal | undefined;
}

/** Whether the whole text has to be read at once to know what its parts are. */
export const isWoven = (shape: DocumentShape): boolean => shape.format === 'diff' || shape.notebook;

/** Adds to `hits` what the regions that begin in [from, to) hold; what was found there from outside is dropped. */
export function addRegionHits(hits: Hit[], document: DocumentText, shape: DocumentShape, from: number, to: number, around: Surroundings, limits: ScanLimit[], depth = 0): Hit[] {
  if (depth >= DEEPEST) return hits;
  const regions = regionsOf(document, shape, from, to, around.compiled, limits);
  if (regions.length === 0) return hits;
  const inner: Hit[] = [];
  for (const region of regions) {
    if (around.signal?.aborted) break;
    hitsOf(region, document.text, around, limits, depth, inner);
  }
  return [...outside(hits, regions), ...inner];
}

function regionsOf(document: DocumentText, shape: DocumentShape, from: number, to: number, compiled: CompiledRules, limits: ScanLimit[]): readonly Region[] {
  const { text } = document;
  if (shape.machine) return [];
  if (shape.notebook) {
    const { regions, brokenAt } = notebookCells(text);
    if (brokenAt === undefined) return regions;
    limits.push({ kind: 'structure-fallback', format: 'notebook', why: `it is no valid JSON from offset ${brokenAt} on; its cells were read as plain JSON text` });
  }
  if (shape.format === 'diff') return diffHunks(text);
  const queries = encodedQueries(text, from, to, (name) => compiled.names.match(name).length > 0);
  const escapes = shape.format === 'csv' || shape.format === 'xml' || shape.format === 'sql' ? [] : escapedStrings(text, from, to, shape.format === 'json' || shape.format === 'log', (key) => document.pathOf(key));
  if (escapes.length === 0 || queries.length === 0) return escapes.length === 0 ? queries : escapes;
  // A query inside of an escaped string is found there again.
  return [...escapes, ...queries.filter((query) => !escapes.some((string) => string.start <= query.start && query.start < string.end))].sort((a, b) => a.start - b.start);
}

function hitsOf(region: Region, text: string, around: Surroundings, limits: ScanLimit[], depth: number, into: Hit[]): void {
  const { compiled, scanner, lowest, signal } = around;
  const content = region.content.text;
  const shape = shapeOfRegion(region, content);
  const document = new DocumentText(content, shape, undefined, region.field);
  const judge = Judge.of(compiled, document, lowest);
  const named = new NamedValues(compiled, document, judge);
  const { hits } = scanner.scan(document, judge, 0, content.length, signal, named.separators, named.after);
  for (const hit of named.take(0, content.length)) hits.push(hit);
  for (const hit of named.people(0, content.length)) hits.push(hit);
  if (region.field) addNamed(hits, content, region.field.name, region.field.path, compiled, judge);
  for (const hit of resolveOverlaps(addRegionHits(hits, document, shape, 0, content.length, around, limits, depth + 1))) {
    for (const { start, end } of region.content.stretches(hit.start, hit.end)) {
      if (end <= start || region.counts?.(start) === false) continue;
      const written = writingOf(region, shape, text.slice(start, end) === content.slice(hit.start, hit.end));
      into.push({ ...hit, start, end, inner: { hit, judge, written, value: hit.inner?.value ?? content.slice(hit.start, hit.end) } });
    }
  }
}

/** What has to be minded when the value is replaced; nothing where a plain string literal holds it as it is. */
function writingOf(region: Region, shape: DocumentShape, asItIs: boolean): Writing | undefined {
  if (!asItIs || region.writing === 'form') return region.writing;
  return region.writing === 'escaped' && shape.format === 'log' ? undefined : 'embedded';
}

function shapeOfRegion(region: Region, content: string): DocumentShape {
  const shape = shapeOf(content, region.kind);
  // A string of code that is no document of its own is a message, not prose.
  if (region.kind.languageId === undefined && region.kind.filename === undefined && shape.format === 'text') return { ...shape, format: 'log' };
  return region.headless === true && shape.layout ? { ...shape, layout: { ...shape.layout, columns: [], bodyStart: 0 } } : shape;
}

/** The whole content as the value of its key. */
function addNamed(hits: Hit[], content: string, name: string, path: readonly string[], compiled: CompiledRules, judge: Judge): void {
  if (content.length === 0 || content.length > LONGEST_VALUE || isPlaceholder(content)) return;
  const means = nameAmong(name, path);
  if (means !== name && !looksLikePerson(content, compiled.gazetteer())) return;
  for (const match of compiled.names.match(means)) {
    const rule = compiled.rules[match.rule]!;
    if (!rule.acceptsValue?.(content)) continue;
    const hit = judge.judgeNamed(rule, 0, content.length, match.phrase, name);
    if (hit) hits.push(hit);
  }
}

/** Hits that begin in no region. Both lists are read once. */
function outside(hits: readonly Hit[], regions: readonly Region[]): readonly Hit[] {
  const sorted = [...hits].sort((a, b) => a.start - b.start);
  let next = 0, until = -1;
  return sorted.filter((hit) => {
    while (next < regions.length && regions[next]!.start < hit.end) until = Math.max(until, regions[next++]!.end);
    return hit.start >= until;
  });
}
