/** The detection engine: composes the services and returns the facade. */
import type { ColumnDetector, Detector, EntityInfo, LiveDocument, NameVerdict, RegexEngine, ScanOptions, ValueContext } from './detector.ts';
import type { Finding, ScanLimit, ScanResult } from '../wire/finding.ts';
import type { RulePack } from '../rules/rule.ts';
import { validators as builtinValidators, type Validator } from '../validators/index.ts';
import { Collector } from './collect.ts';
import { compileRules } from './compile.ts';
import { openLive } from './live.ts';
import { scanText } from './scan-text.ts';
import { Scanner } from './scanner.ts';
import { ColumnValues } from './value.ts';
import { judgeColumn } from './column.ts';
import { verdictsOfName } from '../names/verdicts.ts';
import { entityInfos } from './entities.ts';

export interface DetectorOptions {
  /** Validators by the name that rules use. Default: the built-in ones. */
  readonly validators?: ReadonlyMap<string, Validator>;
}

/** In a column, values that each alone prove little are read too. */
const WEAK = 0.02;

/** Builds a detector once; it is then used for any number of documents. Patterns compile at first use. */
export function createDetector(packs: readonly RulePack[], regex: RegexEngine, options: DetectorOptions = {}): Detector {
  const compiled = compileRules(packs, regex, options.validators ?? builtinValidators);
  const scanner = new Scanner(compiled);
  const collector = new Collector(compiled, scanner);
  const infos = entityInfos(compiled);
  const scan = (text: string, scanOptions: ScanOptions, signal?: AbortSignal): ScanResult => scanText(compiled, collector, text, scanOptions, signal);
  const classifyName = (name: string, path?: readonly string[]): readonly NameVerdict[] => verdictsOfName(compiled, name, path ?? []);
  const scanValue = (value: string, context: ValueContext): readonly Finding[] => new ColumnValues(compiled, scanner, context, false).scan(value);
  return {
    scan,
    open: (text, scanOptions): LiveDocument => openLive(compiled, collector, text, scanOptions),
    scanValue,
    column: (context): ColumnDetector => new ColumnValues(compiled, scanner, context, true),
    classifyName,
    classifyColumn: (values, context) => {
      const column = new ColumnValues(compiled, scanner, context, true, WEAK);
      return judgeColumn(values, context, (value) => column.scan(value), classifyName);
    },
    entities: (): readonly EntityInfo[] => infos,
    get limits(): readonly ScanLimit[] {
      return compiled.limits;
    },
  };
}
