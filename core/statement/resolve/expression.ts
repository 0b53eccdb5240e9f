/** Expressions and conditions: where their values come from, what they read, what they taint. */
import { safeFunctions } from '../functions/index.ts';
import type { Expression, Name } from '../ir.ts';
import { computed, type Derived, indirect, mergeSources, nothing, type Scope, sensitive, unknown } from '../relations.ts';
import type { Resolution } from './resolution.ts';

/** Expressions looked at for one statement: aliases that name aliases twice, and views of views, could go on for ever. */
const maxSteps = 200_000;

export function expressionPart(r: Resolution): Pick<Resolution, 'condition' | 'expression' | 'callee'> {
  const { dialect, catalogue, collector, exact, problem, touching, implicit, used } = r;
  let steps = 0;
  return { condition, expression, callee };

  /** Splits at AND: each part stands for itself. Notes what it reads and taints what it compares. */
  function condition(node: Expression, scope: Scope): void {
    if (node.is === 'of' && node.operator === 'AND') { node.parts.forEach((part) => { condition(part, scope); }); return; }
    touching.push(new Set());
    const value = expression(node, scope);
    const touched = touching.pop() ?? new Set<Derived>();
    for (const outer of touching) for (const column of touched) outer.add(column);
    collector.use(value.sources, 'read');
    implicit.at(-1)?.push(...indirect(value.sources));
    const tainting = mergeSources([value.sources, ...[...touched].map((column) => column.sources)]).filter((source) => source.sensitivity !== undefined);
    if (tainting.length === 0) return;
    for (const column of touched) {
      if (!sensitive(column.sources)) column.sources = mergeSources([column.sources, indirect(tainting)]);
    }
  }

  function expression(node: Expression, scope: Scope): Derived {
    steps += 1;
    if (steps > maxSteps) throw new RangeError('too much to resolve');
    switch (node.is) {
      case 'constant': return nothing;
      case 'column': return column(node.parts, scope);
      case 'star': {
        if (node.counting) return nothing;
        return computed(r.starRelations(node.qualifier, scope).flatMap((relation) => (relation.open ? [relation.fallback ?? unknown, ...relation.columns] : relation.columns)));
      }
      case 'query': {
        const inner = r.query(node.query, scope);
        if (!node.exists) used(inner.outputs);
        const parts: readonly Derived[] = [...(node.exists ? [] : inner.outputs), { name: '', sources: inner.implicit, uncertain: !inner.complete && !node.exists }];
        return computed(parts);
      }
      case 'call': {
        const known = callee(node.name, safeFunctions[dialect]);
        const value = computed(node.arguments.map((argument) => expression(argument, scope)));
        return known ? value : { ...value, uncertain: true };
      }
      case 'of': {
        if (node.operator !== undefined && catalogue.userOperators.has(node.operator)) problem('function', `operator ${node.operator}`);
        return computed(node.parts.map((part) => expression(part, scope)));
      }
      case 'unknown': {
        collector.problem(node.opaque);
        return { ...computed((node.parts ?? []).map((part) => expression(part, scope))), uncertain: true };
      }
    }
  }

  /** False for a function that is not known to compute from its arguments alone. */
  function callee(name: readonly Name[], safe: ReadonlySet<string>): boolean {
    const written = name.map((part) => part.text.toLowerCase());
    const last = written.at(-1) ?? '';
    const schema = written.length > 1 ? written.at(-2) : undefined;
    const known = safe.has(last) && !catalogue.userFunctions.has(last) && (schema === undefined || schema === 'pg_catalog') && written.length <= 2;
    const label = written.join('.');
    collector.functions.add(label);
    if (!known) problem('function', /^[\w.$]+$/.test(label) ? label : 'a quoted name');
    return known;
  }

  function column(parts: readonly Name[], scope: Scope): Derived {
    const found = r.lookup(parts, scope);
    if (found) return found;
    const last = parts.at(-1);
    problem('unknown-table', last && !last.quoted ? `column ${last.text}` : exact && last ? `column ${last.text}` : 'a quoted name');
    return { name: '', sources: [], uncertain: true };
  }
}
