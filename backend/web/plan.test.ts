import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allNodes, parsePlan, type PlanNode } from './plan.ts';

/** `label|cost|rows|details|full scan` with two blanks a level. */
function outline(nodes: readonly PlanNode[], depth = 0): string[] {
  return nodes.flatMap((n) => [`${'  '.repeat(depth)}${n.label}|${n.cost ?? ''}|${n.rows ?? ''}|${n.details.join('; ')}${n.fullScan ? '|full' : ''}`, ...outline(n.children, depth + 1)]);
}

const plans: readonly [name: string, text: string, expected: readonly string[]][] = [
  ['PostgreSQL', `Limit  (cost=8.31..1245.88 rows=50 width=96)
  ->  Hash Join  (cost=7.88..2841.40 rows=12040 width=64)
        Hash Cond: (o.customer_id = c.id)
        ->  Seq Scan on orders o  (cost=0.00..2518.00 rows=12040 width=16)
              Filter: (created_at > now())
        ->  Hash  (cost=5.50..5.50 rows=190 width=48)
              ->  Index Scan using i on customers c  (cost=0.28..5.50 rows=190 width=48)`, [
    'Limit|1245.88|50|', '  Hash Join|2841.4|12040|Hash Cond: (o.customer_id = c.id)', '    Seq Scan on orders o|2518|12040|Filter: (created_at > now())|full', '    Hash|5.5|190|', '      Index Scan using i on customers c|5.5|190|',
  ]],
  ['MySQL', '-> Limit: 50 row(s)  (cost=2.35 rows=21)\n    -> Table scan on customers  (cost=2.35 rows=1e+6)', ['Limit: 50 row(s)|2.35|21|', '  Table scan on customers|2.35|1000000||full']],
  ['SQLite', 'SCAN customers\nSEARCH orders USING INDEX i (customer_id=?)\nSCAN t USING COVERING INDEX j\nUSE TEMP B-TREE FOR ORDER BY', ['SCAN customers||||full', 'SEARCH orders USING INDEX i (customer_id=?)|||', 'SCAN t USING COVERING INDEX j|||', 'USE TEMP B-TREE FOR ORDER BY|||']],
  ['MariaDB', 'id=1 select_type=SIMPLE table=customers type=ALL rows=120', ['id=1 select_type=SIMPLE table=customers type=ALL rows=120||120||full']],
  ['anything', '(((\n   what is this\n', ['(((|||what is this']],
  ['nothing', '', []],
];
for (const [name, text, expected] of plans) {
  test(name, () => {
    assert.deepEqual(outline(parsePlan(text)), expected);
    assert.equal(allNodes(parsePlan(text)).length, expected.length);
  });
}
