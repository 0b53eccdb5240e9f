/** INSERT, UPDATE, DELETE, MERGE. */
import type { Change } from '../ir.ts';
import { type Derived, merge, type Relation, type Scope, scopeOf } from '../relations.ts';
import { outputName, type Resolution, type Result } from './resolution.ts';

export function changePart(r: Resolution): Pick<Resolution, 'change'> {
  const { collector, key, keyOf, used } = r;
  return { change };

  function change(node: Change, parent: Scope): Result {
    collector.writes = true;
    node.opaque.forEach(collector.problem);
    const scope = scopeOf(r.withTables(node.tables, node.recursive, parent));
    const target = node.target.is === 'table'
      ? [r.tableRelation(node.target.name, node.target.alias, [], undefined, 'write')]
      : r.bring(node.target, scope).relations;
    if (node.target.is === 'table') scope.relations.push(...target);
    for (const also of node.alsoWritten) {
      if (also.is === 'table') scope.relations.push(r.tableRelation(also.name, also.alias, [], undefined, 'write'));
      else r.bring(also, scope);
    }
    node.from.forEach((from) => { r.addFrom(from, scope); });
    const columns = target.flatMap((relation) => relation.columns);
    const writtenNames = node.columns.map((parts) => key(parts.at(-1)));
    const all = node.kind === 'insert' && writtenNames.length === 0;
    if (node.kind !== 'delete') used(columns.filter((c) => all || writtenNames.includes(keyOf(c.name))), 'write');
    if (node.source) used(r.query(node.source, scope).outputs);
    // `excluded`, `inserted`, `deleted`, `new`, `old` are the target's row.
    const rows = ['excluded', 'inserted', 'deleted', 'new', 'old'].map((alias): Relation => ({ alias, columns: columns.map((c) => ({ ...c })), open: false }));
    const inner = scopeOf(scopeOf(scope.parent, { relations: rows }), { relations: scope.relations });
    node.reads.forEach((e) => { r.condition(e, inner); });
    const outputs = node.returning.flatMap((item): readonly Derived[] => {
      if (item.is === 'star') { collector.star = true; return r.starRelations(item.qualifier ?? undefined, inner).flatMap((relation) => relation.columns.map((c) => ({ ...c }))); }
      return [{ ...r.expression(item.expression, inner), name: item.alias?.text ?? outputName(item.expression) }];
    });
    return { outputs, complete: !scope.relations.some((relation) => relation.open), unplaced: merge(outputs), implicit: [] };
  }
}
