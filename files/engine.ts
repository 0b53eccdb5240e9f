/** An engine for files: shipped rules plus those of a workspace policy, made from plain data so that threads can make their own. */
import type { Detector, ScanOptions } from '#core/engine/detector.ts';
import { createDetector } from '#core/engine/create.ts';
import { createRe2 } from '#core/engine/re2.ts';
import { scanChoices } from '#core/policy/scan-choices.ts';
import { type ParsedPolicy, parseWorkspacePolicy, type WorkspacePolicy } from '#core/policy/workspace-policy.ts';
import type { Severity } from '#core/wire/finding.ts';
import { builtinPacks } from '#rules';

export interface PolicySource { readonly name: string; readonly text: string }

/** What the user chose; survives a message between threads. */
export interface Choices {
  readonly minConfidence?: number;
  readonly disabledEntities?: readonly string[];
  readonly severity?: readonly (readonly [string, Severity])[];
  readonly inlineIgnores?: boolean;
  /** The user's `minConfidence` outranks the policy's. */
  readonly insists?: boolean;
  /** Default true. */
  readonly trusted?: boolean;
}

export interface FileEngine {
  readonly detector: Detector;
  /** Options that hold for every document. */
  readonly options: ScanOptions;
}

export function createEngine(policy: WorkspacePolicy, choices: Choices): FileEngine {
  const packs = policy.custom === undefined ? builtinPacks() : [...builtinPacks(), policy.custom];
  const user = {
    disabledEntities: new Set(choices.disabledEntities ?? []),
    severity: new Map(choices.severity ?? []),
    inlineIgnores: choices.inlineIgnores ?? true,
    ...(choices.minConfidence === undefined ? {} : { minConfidence: choices.minConfidence }),
    ...(choices.insists === undefined ? {} : { insists: choices.insists }),
  };
  return { detector: createDetector(packs, createRe2()), options: scanChoices(user, policy, choices.trusted ?? true) };
}

/** The same policy wherever it is read: threads get its text. */
export function readPolicy({ name, text }: PolicySource): ParsedPolicy {
  return parseWorkspacePolicy(text, name, text === '' ? {} : { regex: createRe2() });
}
