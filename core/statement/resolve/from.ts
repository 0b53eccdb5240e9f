/** FROM: joins, subqueries, functions. */
import { safeTableFunctions } from '../functions/index.ts';
import type { From } from '../ir.ts';
import { type Brought, computed, type Derived, indirect, merge, mergeSources, type Relation, rename, type Scope, scopeOf, sensitive } from '../relations.ts';
import type { Resolution } from './resolution.ts';

export function fromPart(r: Resolution): Pick<Resolution, 'bring'> {
  const { dialect, collector, exact, key, keyOf, problem, implicit } = r;
  return { bring };

  /** Adds the relations of a FROM entry to the scope, left to right. */
  function bring(from: From, scope: Scope): Brought {
    if (from.is !== 'join') {
      const relation = relationOf(from, scope);
      scope.relations.push(relation);
      return { relations: [relation], star: relation.columns, starKnown: !relation.open };
    }
    const left = bring(from.left, scope);
    const right = bring(from.right, scope);
    from.on.forEach((e) => { r.condition(e, scope); });
    const relations = [...left.relations, ...right.relations];
    if (from.natural && relations.some((relation) => relation.open)) problem('ambiguous', 'NATURAL JOIN over unknown columns');
    const shared = new Set(from.natural
      ? left.star.map((c) => keyOf(c.name)).filter((name) => right.star.some((c) => keyOf(c.name) === name))
      : from.using.map(key));
    const isShared = (c: Derived): boolean => shared.has(keyOf(c.name));
    for (const name of shared) compare(relations.flatMap((relation) => relation.columns.filter((c) => keyOf(c.name) === name)));
    if (shared.size === 0) return { relations, star: [...left.star, ...right.star], starKnown: left.starKnown && right.starKnown };
    // Shared columns come first and once. Only PostgreSQL keeps this order for outer joins too.
    const merged = [...shared].map((name) => ({ ...merge([...left.star, ...right.star].filter((c) => keyOf(c.name) === name)), name }));
    const star = [...merged, ...left.star.filter((c) => !isShared(c)), ...right.star.filter((c) => !isShared(c))];
    return { relations, star, starKnown: exact && left.starKnown && right.starKnown };
  }

  function relationOf(from: Exclude<From, { is: 'join' }>, scope: Scope): Relation {
    switch (from.is) {
      case 'table':
        from.sampledBy?.forEach((e) => { r.condition(e, scope); });
        return r.tableRelation(from.name, from.alias, from.columns, scope, 'read');
      case 'query': {
        // Without LATERAL a subquery does not see its neighbours.
        const seen = from.lateral ? scope : scopeOf(scope.parent, { named: scope.named });
        const inner = rename(r.query(from.query, seen), from.columns);
        return { alias: key(from.alias), label: from.alias?.text, columns: inner.outputs.map((output) => ({ ...output })), open: !inner.complete, fallback: inner.unplaced && { ...inner.unplaced } };
      }
      case 'function': return functionRelation(from, scope);
      case 'unknown':
        collector.problem(from.opaque);
        return { alias: key(from.alias), columns: [], open: true };
    }
  }

  /** The columns that USING or NATURAL compares. */
  function compare(columns: readonly Derived[]): void {
    const all = mergeSources(columns.map((c) => c.sources));
    collector.use(all, 'read');
    implicit.at(-1)?.push(...indirect(all));
    const tainting = indirect(all.filter((source) => source.sensitivity !== undefined));
    if (tainting.length > 0) for (const c of columns) if (!sensitive(c.sources)) c.sources = mergeSources([c.sources, tainting]);
  }

  function functionRelation(from: Extract<From, { is: 'function' }>, scope: Scope): Relation {
    const values = from.calls.map((call) => {
      if (call.is !== 'call') return r.expression(call, scope);
      const known = r.callee(call.name, safeTableFunctions[dialect]);
      const made = computed(call.arguments.map((argument) => r.expression(argument, scope)));
      return known ? made : { ...made, uncertain: true };
    });
    const value = computed(values);
    collector.use(value.sources, 'read');
    // Any column of it comes from its arguments.
    return { alias: key(from.alias), columns: from.columns.map((c) => ({ ...value, name: c.text })), open: true, fallback: value };
  }
}
