import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { allNodes, parsePlan, type PlanNode } from './plan.ts';
import { t } from './text/text.ts';

/** More steps than this are folded until asked for. */
const OPEN_UP_TO = 15;

/** The database's plan as a tree: what each step reads, how many rows it expects, and its own share of the cost. */
export function Plan({ plan }: { readonly plan: string }): JSX.Element {
  const roots = useMemo(() => parsePlan(plan), [plan]);
  const nodes = useMemo(() => allNodes(roots), [roots]);
  const most = Math.max(0, ...nodes.map((n) => n.cost ?? 0));
  const scans = nodes.filter((n) => n.fullScan).length;
  const rows = roots.length === 1 ? roots[0]?.rows : undefined;
  const notes = [t.nouns.step(nodes.length), ...(rows === undefined ? [] : [`≈ ${t.nouns.row(rows)}`])];
  return (
    <details class="card plan-card" open={nodes.length <= OPEN_UP_TO}>
      <summary><h2>{t.plan.title}</h2> <span class="muted">{notes.join(' · ')}</span>{scans > 0 && <span class="scan">{t.plan.read(t.nouns.wholeTable(scans))}</span>}</summary>
      <ul class="plan">{roots.map((node, i) => <Step key={i} node={node} most={most} />)}</ul>
    </details>
  );
}

function Step({ node, most }: { readonly node: PlanNode; readonly most: number }): JSX.Element {
  const row = <StepRow node={node} most={most} />;
  if (node.children.length === 0 && node.details.length === 0) return <li class="leaf">{row}</li>;
  return (
    <li>
      <details open>
        <summary>{row}</summary>
        {node.details.map((detail, i) => <p key={i} class="plan-detail"><code>{detail}</code></p>)}
        {node.children.length > 0 && <ul>{node.children.map((child, i) => <Step key={i} node={child} most={most} />)}</ul>}
      </details>
    </li>
  );
}

function StepRow({ node, most }: { readonly node: PlanNode; readonly most: number }): JSX.Element {
  const { label, cost, rows, fullScan, children } = node;
  const own = cost === undefined ? undefined : Math.max(0, cost - children.reduce((sum, child) => sum + (child.cost ?? 0), 0));
  const share = own === undefined || most === 0 ? 0 : own / most;
  return (
    <span class="plan-step">
      <span class="plan-label">{label}{fullScan && <span class="scan">{t.plan.wholeTable}</span>}</span>
      {rows !== undefined && <span class="plan-rows">{t.figure(rows)} <span class="muted">{t.plan.rows}</span></span>}
      {own !== undefined && (
        <span class="plan-cost" title={t.plan.ownCost(t.figure(Math.round(own)))}>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="bar-track" width="100" height="10" rx="3" /><rect class={share > 0.5 ? 'bar-warn' : 'bar-accent'} width={Math.max(share * 100, share > 0 ? 2 : 0)} height="10" rx="3" /></svg>
          <span class="visually-hidden">{t.plan.cost}</span>{t.figure(Math.round(own))}
        </span>
      )}
    </span>
  );
}
