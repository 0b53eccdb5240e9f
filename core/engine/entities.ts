/** What the loaded rules can find, for settings, hovers and documents. */
import type { EntityInfo } from './detector.ts';
import type { CompiledRules } from './compile.ts';

/** One entry an entity, in the rules' order; the first rule of an entity names it. */
export function entityInfos(compiled: CompiledRules): readonly EntityInfo[] {
  const infos = new Map<string, EntityInfo>();
  for (const { rule } of compiled.rules) {
    const known = infos.get(rule.entity);
    infos.set(rule.entity, {
      entity: rule.entity,
      title: known?.title ?? rule.title,
      category: known?.category ?? rule.category,
      regulations: [...new Set([...(known?.regulations ?? []), ...rule.regulations])],
      severity: known?.severity ?? rule.severity,
      ruleIds: [...(known?.ruleIds ?? []), rule.id],
      mask: known?.mask ?? rule.mask,
      validators: [...new Set([...(known?.validators ?? []), ...(rule.validator === undefined ? [] : [rule.validator])])],
    });
  }
  return [...infos.values()];
}
