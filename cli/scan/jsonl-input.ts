/** `scan --jsonl-input`: one document a line in, one answer a line out, in the same order. */
import type { FileEngine } from '#files/engine.ts';
import { lines } from '../io/lines.ts';
import type { Output } from '../io/output.ts';
import { place } from '#files/place.ts';
import type { SecondOpinion } from '#files/second-opinion.ts';

interface InputDocument { readonly id: unknown; readonly text: string; readonly languageId?: string; readonly filename?: string }

export interface JsonlOutcome { readonly findings: number; readonly bad: number; /** Documents that a provider should have seen and has not. */ readonly unasked: number }

export async function scanJsonl(input: AsyncIterable<Uint8Array | string>, engine: FileEngine, defaults: { readonly languageId?: string }, out: Output, opinion?: SecondOpinion): Promise<JsonlOutcome> {
  let findings = 0;
  let unasked = 0;
  let bad = 0;
  let number = 0;
  for await (const line of lines(input)) {
    number++;
    if (line.length === 0 || isBlank(line)) continue;
    const document = parse(line, number);
    if ('error' in document) {
      bad++;
      await out.write(`${JSON.stringify(document)}\n`);
      continue;
    }
    // Documents on this stream are often single values: say what they could be.
    const options = { loneReadings: true, ...engine.options, ...defaults, ...(document.languageId === undefined ? {} : { languageId: document.languageId }), ...(document.filename === undefined ? {} : { filename: document.filename }) };
    const own = engine.detector.scan(document.text, options);
    const result = opinion === undefined ? own : await opinion.of(document.text, own);
    if (result.limits.some(({ kind }) => kind === 'provider-down')) unasked++;
    findings += result.findings.filter(({ reserved, severity }) => reserved !== true && severity !== 'hint').length;
    await out.write(`${JSON.stringify({ id: document.id, findings: place(document.text, result.findings), ...(result.limits.length === 0 ? {} : { limits: result.limits }) })}\n`);
  }
  return { findings, bad, unasked };
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 32 || byte === 9 || byte === 13);
}

/** Errors name the line and what was expected, never what was there. */
function parse(line: Buffer, number: number): InputDocument | { readonly id: unknown; readonly line: number; readonly error: string } {
  const expected = 'expected {"id": …, "text": "…"} with optional "languageId" and "filename"';
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch (error) {
    return { id: null, line: number, error: error instanceof SyntaxError ? `not JSON; ${expected}` : `not valid UTF-8; ${expected}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { id: null, line: number, error: `not an object; ${expected}` };
  const { id, text, languageId, filename } = value as Record<string, unknown>;
  const wrong = (what: string) => ({ id: id ?? null, line: number, error: `${what}; ${expected}` });
  if (id === undefined) return wrong('"id" is missing');
  if (typeof text !== 'string') return wrong('"text" is not a string');
  if (languageId !== undefined && languageId !== null && typeof languageId !== 'string') return wrong('"languageId" is not a string');
  if (filename !== undefined && filename !== null && typeof filename !== 'string') return wrong('"filename" is not a string');
  return { id, text, ...(typeof languageId === 'string' ? { languageId } : {}), ...(typeof filename === 'string' ? { filename } : {}) };
}
