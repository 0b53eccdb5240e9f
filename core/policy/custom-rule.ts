/** A rule as a workspace writes it, and the engine's rule that it means. */
import type { MaskSpec, Rule, RulePattern } from '../rules/rule.ts';
import type { Severity } from '../wire/finding.ts';

export interface CustomRule {
  readonly id: string;
  readonly entity: string;
  readonly title?: string;
  readonly category?: string;
  readonly regulations?: readonly string[];
  readonly severity?: Severity;
  readonly regex?: string;
  readonly words?: readonly string[];
  readonly ignoreCase?: boolean;
  readonly boundary?: RulePattern['boundary'];
  readonly confidence?: number;
  readonly validator?: string;
  readonly context?: readonly string[];
  readonly contextRequired?: boolean;
  readonly names?: readonly string[];
  readonly allow?: readonly string[];
  readonly mask?: MaskSpec | 'redact' | 'token' | 'email' | 'fake' | 'format';
  readonly examples?: { readonly ok?: readonly string[]; readonly ng?: readonly string[] };
}

/** A workspace's own pattern is trusted more than a general one: it is shown at its severity without further evidence. */
const OWN_CONFIDENCE = 0.75;

export function toRule(custom: CustomRule): Rule {
  const score = custom.confidence ?? OWN_CONFIDENCE;
  const shared = { score, ...(custom.ignoreCase === undefined ? {} : { ignoreCase: custom.ignoreCase }), ...(custom.boundary === undefined ? {} : { boundary: custom.boundary }) };
  const patterns: RulePattern[] = [];
  if (custom.regex !== undefined) patterns.push({ name: 'pattern', regex: custom.regex, ...shared });
  if (custom.words !== undefined) patterns.push({ name: 'word list', regex: custom.words.map(quote).join('|'), ...shared });
  return {
    id: custom.id,
    entity: custom.entity,
    title: custom.title ?? custom.entity.toLowerCase().replaceAll('_', ' '),
    category: custom.category ?? 'user',
    regulations: custom.regulations ?? [],
    severity: custom.severity ?? 'warning',
    patterns,
    ...(custom.validator === undefined ? {} : { validator: custom.validator }),
    ...(custom.context === undefined ? {} : { context: { words: custom.context, ...(custom.contextRequired === undefined ? {} : { required: custom.contextRequired }) } }),
    ...(custom.names === undefined ? {} : { names: custom.names, ...(patterns.length === 0 ? { nameOnly: { valuePattern: '.+' } } : {}) }),
    mask: typeof custom.mask === 'string' ? { kind: custom.mask } : (custom.mask ?? { kind: 'redact' }),
    examples: { ok: custom.examples?.ok ?? [], ng: custom.examples?.ng ?? [] },
  };
}

const quote = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
