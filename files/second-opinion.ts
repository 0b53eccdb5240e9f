/**
 * What a provider says of files, after the engine. A provider that is down is said in each report's limits and not asked
 * over and over: a folder of a thousand files must not wait a thousand times.
 */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EntityInfo } from '#core/engine/detector.ts';
import { mergeProvider } from '#core/providers/merge.ts';
import type { Provider, ProviderAnswer } from '#core/providers/provider.ts';
import { maskValue } from '#core/masking/mask-value.ts';
import type { ScanResult } from '#core/wire/finding.ts';
import { decode } from './decode.ts';
import type { FileEngine } from './engine.ts';
import { place } from './place.ts';
import type { FileReport } from './report.ts';
import { marker } from './scan-file.ts';

/** UTF-16 units of the longest text that is sent. */
const maxLength = 1_000_000;
/** Failures in a row after which it is left alone. */
const patience = 3;

export class SecondOpinion {
  private readonly provider: Provider;
  private readonly engine: FileEngine;
  private readonly entities: ReadonlyMap<string, EntityInfo>;
  private readonly signal: AbortSignal;
  private failures = 0;
  private why = '';

  constructor(provider: Provider, engine: FileEngine, signal: AbortSignal) {
    this.provider = provider;
    this.engine = engine;
    this.signal = signal;
    this.entities = new Map(engine.detector.entities().map((info) => [info.entity, info]));
  }

  /** The engine's result for `text` and what the provider adds to it. */
  async of(text: string, result: ScanResult): Promise<ScanResult> {
    const answer = await this.ask(text);
    if (answer.kind === 'down') {
      this.failures++;
      this.why = answer.why;
    } else this.failures = 0;
    return mergeProvider({
      text, result, answer, provider: this.provider.name, options: this.engine.options, entities: this.entities,
      mask: (value, entity) => maskValue(value, entity, this.entities.get(entity)?.mask ?? { kind: 'redact' }),
    });
  }

  /** The report of a file that the engine has read, with what the provider adds. */
  async ofFile(report: FileReport, cwd: string, fingerprintKey?: Uint8Array): Promise<FileReport> {
    if (report.error !== undefined || report.limits.some(({ kind }) => kind === 'binary')) return report;
    const path = resolve(cwd, report.path);
    try {
      if (statSync(path).size > maxLength * 4) return this.leftOut(report);
      return await this.ofText(report, readFileSync(path), fingerprintKey);
    } catch {
      return { ...report, error: 'could not be read again for the provider' };
    }
  }

  /** As `ofFile`, of bytes at hand. */
  async ofText(report: FileReport, bytes: Buffer, fingerprintKey?: Uint8Array): Promise<FileReport> {
    const decoded = decode(bytes);
    if (decoded.kind === 'binary') return report;
    const { text } = decoded;
    if (text.length > maxLength) return this.leftOut(report);
    const { findings, limits } = await this.of(text, { findings: report.findings, limits: report.limits });
    const mark = marker(fingerprintKey);
    return { ...report, limits, findings: place(text, findings).map((finding) => mark(finding, text.slice(finding.start, finding.end))) };
  }

  /** Lets go of the provider's threads, so that the program can end. */
  async end(): Promise<void> {
    await this.provider.stop?.();
  }

  private async ask(text: string): Promise<ProviderAnswer> {
    if (this.failures >= patience) return { kind: 'down', why: this.why };
    return this.provider.analyze(text, this.signal);
  }

  private leftOut(report: FileReport): FileReport {
    return { ...report, limits: [...report.limits, { kind: 'provider-down', provider: this.provider.name, why: `files above ${maxLength / 1e6} MB are not sent to it` }] };
  }
}
