/** The `piiGate` section as the server uses it. Whatever a client sends, the result is complete and in range. */
import type { PresidioOptions } from '#core/providers/presidio.ts';
import type { Severity } from '#core/wire/finding.ts';
import type { OnnxOptions } from '#files/providers/onnx/messages.ts';
import { readOnnx } from './onnx-settings.ts';
import { readPresidio } from './presidio-settings.ts';

export interface Settings {
  readonly enable: boolean;
  /** 0..1 */
  readonly minConfidence: number;
  readonly disabledEntities: ReadonlySet<string>;
  readonly severity: ReadonlyMap<string, Severity>;
  /** Globs relative to the workspace folder. */
  readonly exclude: readonly string[];
  readonly maxFileSizeMb: number;
  /** Diagnostics shown per document; VS Code itself shows 1,000. */
  readonly maxDiagnostics: number;
  readonly inlineIgnores: boolean;
  readonly fixAllReplacement: 'mask' | 'redact' | 'token' | 'fake';
  /** `piiGate.providers.presidio`; undefined while it is not enabled: nothing leaves the machine unasked. */
  readonly presidio: PresidioOptions | undefined;
  /** `piiGate.providers.onnx`; undefined while it is not enabled. */
  readonly onnx: OnnxOptions | undefined;
}

export const defaultSettings: Settings = {
  enable: true,
  minConfidence: 0.4,
  disabledEntities: new Set(),
  severity: new Map(),
  exclude: [],
  maxFileSizeMb: 50,
  maxDiagnostics: 1000,
  inlineIgnores: true,
  fixAllReplacement: 'mask',
  presidio: undefined,
  onnx: undefined,
};

const severities: readonly string[] = ['error', 'warning', 'information', 'hint'];
const replacements: readonly string[] = ['mask', 'redact', 'token', 'fake'];

export interface SettingsResult {
  readonly settings: Settings;
  /** One line per value that was not understood: name, what was expected. Never the value. */
  readonly problems: readonly string[];
}

/** Reads the section as JSON from a client. Values of the wrong type fall back to their default and are reported. */
export function readSettings(section: unknown): SettingsResult {
  const problems: string[] = [];
  const raw = isRecord(section) ? section : {};
  const fixAll = isRecord(raw['fixAll']) ? raw['fixAll'] : {};
  const providers = isRecord(raw['providers']) ? raw['providers'] : {};
  const take = <T>(source: Record<string, unknown>, key: string, fallback: T, expected: string, read: (value: unknown) => T | undefined): T => {
    const value = source[key];
    if (value === undefined || value === null) return fallback;
    const understood = read(value);
    if (understood !== undefined) return understood;
    problems.push(`piiGate.${source === fixAll ? 'fixAll.' : ''}${key}: expected ${expected}; the default is used.`);
    return fallback;
  };
  const boolean = (value: unknown) => (typeof value === 'boolean' ? value : undefined);
  const within = (low: number, high: number) => (value: unknown) => (typeof value === 'number' && value >= low && value <= high ? value : undefined);
  const strings = (value: unknown) => (Array.isArray(value) && value.every((item) => typeof item === 'string') ? (value as string[]) : undefined);
  const settings: Settings = {
    presidio: readPresidio(providers['presidio'], (problem) => problems.push(problem)),
    onnx: readOnnx(providers['onnx'], (problem) => problems.push(problem)),
    enable: take(raw, 'enable', defaultSettings.enable, 'true or false', boolean),
    minConfidence: take(raw, 'minConfidence', defaultSettings.minConfidence, 'a number from 0 to 1', within(0, 1)),
    disabledEntities: new Set(take(raw, 'disabledEntities', [], 'a list of entity names', strings)),
    severity: take(raw, 'severity', defaultSettings.severity, 'entity names mapped to error, warning, information or hint', readSeverities),
    exclude: take(raw, 'exclude', defaultSettings.exclude, 'a list of globs', strings),
    maxFileSizeMb: take(raw, 'maxFileSizeMb', defaultSettings.maxFileSizeMb, 'a number above 0', within(Number.MIN_VALUE, 4096)),
    maxDiagnostics: take(raw, 'maxDiagnostics', defaultSettings.maxDiagnostics, 'a whole number from 1 to 1000', within(1, 1000)),
    inlineIgnores: take(raw, 'inlineIgnores', defaultSettings.inlineIgnores, 'true or false', boolean),
    fixAllReplacement: take(fixAll, 'replacement', defaultSettings.fixAllReplacement, replacements.join(', '), (value) =>
      typeof value === 'string' && replacements.includes(value) ? (value as Settings['fixAllReplacement']) : undefined),
  };
  return { settings, problems };
}

function readSeverities(value: unknown): ReadonlyMap<string, Severity> | undefined {
  if (!isRecord(value)) return undefined;
  const read = new Map<string, Severity>();
  for (const [entity, severity] of Object.entries(value)) {
    if (typeof severity !== 'string' || !severities.includes(severity)) return undefined;
    read.set(entity, severity as Severity);
  }
  return read;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
